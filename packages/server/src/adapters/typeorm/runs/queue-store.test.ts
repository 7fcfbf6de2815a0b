import { aNewRun, OTHER_PLACE } from '@imaginarium/engine/testing';
import type { WorkerState } from '@imaginarium/protocol';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { openScratch, scratchKinds } from '../testing/scratch-databases.ts';
import { seedWorkspace } from '../testing/seed.ts';
import { graphOf } from '../testing/world.ts';
import { SqlQueueStore } from './queue-store.ts';
import { SqlRunStore } from './run-store.ts';

const { workspaceId, workflowId } = aNewRun();
const LEASE_MS = 60_000;

describe.each(scratchKinds(inject('postgresUrl')))('SqlQueueStore on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let runs: SqlRunStore;
  let queue: SqlQueueStore;
  beforeEach(async () => {
    ({ database, remove } = await openScratch(kind));
    await seedWorkspace(database, workspaceId, workflowId);
    await seedWorkspace(database, OTHER_PLACE.workspaceId, OTHER_PLACE.workflowId);
    runs = new SqlRunStore(database);
    queue = new SqlQueueStore(database);
  });
  afterEach(() => remove());
  const accept = async (changes = {}) => (await runs.accept(aNewRun(changes))).run.id;

  test('keeps queued runs from beginning while everything or their workspace is paused', async () => {
    const [own, other] = [await accept(), await accept(OTHER_PLACE)];
    await queue.pause(null, 'Ada');
    await queue.pause(null, 'Bob');
    expect(await queue.pauses()).toMatchObject([{ workspaceId: null, pausedBy: 'Ada' }]);
    expect(await runs.claim(own, 'worker', LEASE_MS)).toBeUndefined();
    expect(await runs.listQueued(10)).toEqual([]);
    await queue.pause(OTHER_PLACE.workspaceId, 'Ada');
    await queue.resume(null);
    expect((await runs.listQueued(10)).map(({ runId }) => runId)).toEqual([own]);
    expect(await runs.claim(other, 'worker', LEASE_MS)).toBeUndefined();
    expect(await runs.claim(own, 'worker', LEASE_MS)).toBeDefined();
    await queue.resume(OTHER_PLACE.workspaceId);
    expect(await runs.claim(other, 'worker', LEASE_MS)).toBeDefined();
    expect(await queue.pauses()).toEqual([]);
  });

  test('lets a run that has begun go on with another worker while everything is paused', async () => {
    const id = await accept();
    const lease = await runs.claim(id, 'worker', LEASE_MS);
    if (!lease) throw new Error('not claimed');
    await queue.pause(null, 'Ada');
    await runs.release(lease);
    expect(await runs.listQueued(10)).toMatchObject([{ runId: id, again: true }]);
    expect(await runs.takeOver(id, 'other', LEASE_MS)).toBeDefined();
  });

  test('counts the runs of each workspace that have not ended, and knows since when the oldest waits', async () => {
    const notBefore = new Date(Date.now() + 3_600_000).toISOString();
    const first = await accept();
    const second = await accept();
    await accept({ notBefore });
    await accept(OTHER_PLACE);
    await runs.claim(first, 'worker', LEASE_MS);
    const { run } = (await runs.load(second)) ?? {};
    expect(await queue.loads()).toMatchObject([
      { workspaceId, queued: 1, delayed: 1, running: 1, waiting: 0, oldestAt: run?.createdAt, name: 'Test' },
      { workspaceId: OTHER_PLACE.workspaceId, queued: 1, delayed: 0, running: 0, waiting: 0 },
    ]);
    await runs.requestCancel(second);
    expect(await queue.loads()).toMatchObject([
      { workspaceId: OTHER_PLACE.workspaceId },
      { workspaceId, queued: 0, oldestAt: null },
    ]);
  });

  test('says which node types the queued runs want', async () => {
    const graph = graphOf(2);
    await accept({ graph });
    await accept({ graph, ...OTHER_PLACE });
    await accept({ graph });
    const wanted = await queue.wantedTypes(100);
    expect(wanted.toSorted((a, b) => a.runs - b.runs)).toEqual([
      { nodeTypes: ['test.node@1'], runs: 1 },
      { nodeTypes: ['test.node@1'], runs: 2 },
    ]);
    await queue.pause(null, 'Ada');
    expect(await queue.wantedTypes(100)).toEqual([]);
  });

  test('remembers workers until they stop, and those that died for some days', async () => {
    const aWorker = (id: string, changes: Partial<WorkerState> = {}): WorkerState => ({
      ...{ id, host: 'host', version: '1.0.0', concurrency: 10, running: 0 },
      ...{ startedAt: '2026-11-20T00:00:00.000Z', seenAt: '2026-11-21T00:00:00.000Z' },
      packages: [{ name: 'acme-nodes', version: '2.0.0', types: ['acme.sepia@1'] }],
      pools: [{ pool: 'media', running: 1, waiting: 0, memoryMb: 200 }],
      ...changes,
    });
    await queue.announce(aWorker('dead', { seenAt: '2026-11-10T00:00:00.000Z' }));
    await queue.announce(aWorker('a'));
    const later = aWorker('a', { seenAt: '2026-11-21T00:00:05.000Z', running: 3, concurrency: 4 });
    await queue.announce(later);
    await queue.announce(aWorker('b'));
    expect(await queue.workers()).toEqual([later, aWorker('b')]);
    await queue.leave('a');
    expect((await queue.workers()).map(({ id }) => id)).toEqual(['b']);
  });
});
