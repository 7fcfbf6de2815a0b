import {
  aNewRun,
  runCreditsConformance,
  runQueueConformance,
  runStoreConformance,
  runWaitsConformance,
  stepCacheConformance,
  sweepingQueueConformance,
} from '@imaginarium/engine/testing';
import { v4 as newId } from 'uuid';
import { afterAll, beforeAll, describe, inject, test } from 'vitest';
import { Pauses } from '../../queue/pauses.ts';
import type { QueueStore } from '../../queue/queue-store.ts';
import { EmbeddedQueue } from '../embedded-queue/embedded-queue.ts';
import { RunCredits } from './books/run-credits.ts';
import { SqlWorkspaceCredits } from './books/workspace-credits.ts';
import type { Database } from './database/database.ts';
import { SqlQueueStore } from './runs/queue-store.ts';
import { SqlRunStore } from './runs/run-store.ts';
import { SqlRunWaits } from './runs/run-waits.ts';
import { SqlStepCache } from './runs/step-cache.ts';
import { openScratch, scratchKinds } from './testing/scratch-databases.ts';
import { seedWorkspace } from './testing/seed.ts';

const asked = aNewRun();
const OTHER_WORKSPACE = '00000000-0000-4000-8000-000000000004';

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
    await seedWorkspace(database, asked.workspaceId, asked.workflowId);
    await seedWorkspace(database, OTHER_WORKSPACE, '00000000-0000-4000-8000-000000000005');
  });
  afterAll(() => remove());
  /** The database as it is at first, but for what does not matter here. */
  const emptied = async (): Promise<Database> => {
    await database.write(async ({ sql }) => {
      await sql`DELETE FROM run`;
      await sql`DELETE FROM step_cache`;
      await sql`DELETE FROM queue_pause`;
    });
    return database;
  };

  describe('SqlRunStore', () => {
    const make = async () => new SqlRunStore(await emptied());
    test.each(runStoreConformance)('$name', (check) => check.run(make));
  });

  describe('SqlRunWaits', () => {
    const make = async () => {
      const database = await emptied();
      return { store: new SqlRunStore(database), waits: new SqlRunWaits(database) };
    };
    test.each(runWaitsConformance)('$name', (check) => check.run(make));
  });

  describe('the credits of SqlRunStore', () => {
    const make = async () => {
      const empty = await emptied();
      const { workspaceId } = asked;
      const credits = new RunCredits({ mode: 'metered', startGrant: 100 });
      const wallet = new SqlWorkspaceCredits(empty, workspaceId, credits);
      const available = async () => (await wallet.balance()).available;
      // Books cannot be emptied: what the check before has spent is granted again.
      const missing = 100 - (await available());
      if (missing > 0) await wallet.grant({ amount: missing, actor: 'test', reason: 'Again', idempotencyKey: newId() });
      return { store: new SqlRunStore(empty, credits), available };
    };
    test.each(runCreditsConformance)('$name', (check) => check.run(make));
  });

  describe('SqlStepCache', () => {
    const make = async () => new SqlStepCache(await emptied());
    test.each(stepCacheConformance)('$name', (check) => check.run(make));
  });

  describe('EmbeddedQueue', () => {
    const make = async () => {
      const store = new SqlRunStore(await emptied());
      const queues = new SqlQueueStore(database);
      const pauses = new Pauses(queues);
      const queue = new EmbeddedQueue(store, { sweepMs: 100, pauses });
      // What it holds is found again by its sweep, so that there is nothing to lose but what was never offered.
      return { store, queue, lose: async () => undefined, pauseOnly: pauserOf(queues, pauses) };
    };
    test.each([...runQueueConformance, ...sweepingQueueConformance])('$name', (check) => check.run(make));
  });
});

function pauserOf(store: QueueStore, pauses: Pauses) {
  return async (scopes: readonly (string | null)[]) => {
    for (const { workspaceId } of await store.pauses()) await store.resume(workspaceId);
    for (const scope of scopes) await store.pause(scope, 'Ada');
    await pauses.refresh();
  };
}
