import { aNewRun, runQueueConformance, runStoreConformance, stepCacheConformance } from '@imaginarium/engine/testing';
import { afterEach, describe, inject, test } from 'vitest';
import { EmbeddedQueue } from '../embedded-queue/embedded-queue.ts';
import type { Database } from './database.ts';
import { SqlRunStore } from './run-store.ts';
import { SqlStepCache } from './step-cache.ts';
import { openScratch, scratchKinds } from './testing/scratch-databases.ts';
import { seedWorkspace } from './testing/seed.ts';

const asked = aNewRun();
const OTHER_WORKSPACE = '00000000-0000-4000-8000-000000000004';

describe.each(scratchKinds(inject('postgresUrl')))('on $name', (kind) => {
  const removals: (() => Promise<void>)[] = [];
  const open = async (): Promise<Database> => {
    const { database, remove } = await openScratch(kind);
    removals.push(remove);
    await seedWorkspace(database, asked.workspaceId, asked.workflowId);
    await seedWorkspace(database, OTHER_WORKSPACE, '00000000-0000-4000-8000-000000000005');
    return database;
  };
  afterEach(async () => {
    for (const remove of removals.splice(0)) await remove();
  });

  describe('SqlRunStore', () => {
    const make = async () => new SqlRunStore(await open());
    test.each(runStoreConformance)('$name', (check) => check.run(make));
  });

  describe('SqlStepCache', () => {
    const make = async () => new SqlStepCache(await open());
    test.each(stepCacheConformance)('$name', (check) => check.run(make));
  });

  describe('EmbeddedQueue', () => {
    const make = async () => {
      const store = new SqlRunStore(await open());
      return { store, queue: new EmbeddedQueue(store) };
    };
    test.each(runQueueConformance)('$name', (check) => check.run(make));
  });
});
