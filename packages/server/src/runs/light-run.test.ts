import { RunHarness } from '@imaginarium/engine/testing';
import { TestFiles } from '@imaginarium/node-sdk/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { EmbeddedQueue } from '../adapters/embedded-queue/embedded-queue.ts';
import { SqlPriceLists } from '../adapters/typeorm/books/price-lists.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { openWorld, type World } from '../adapters/typeorm/testing/world.ts';
import { SqlUseStore } from '../adapters/typeorm/use-store.ts';
import { PersonLimits } from '../limits/person-limits.ts';
import { testTriggers, triggerGraph } from '../testing/test-triggers.ts';
import { Worker } from '../worker/worker.ts';
import { acceptRun } from './accept-run.ts';

let world: World;
beforeAll(async () => {
  const [sqlite] = scratchKinds(null);
  if (!sqlite) throw new Error('SQLite is always there.');
  world = await openWorld(sqlite);
});
afterAll(() => world.remove());

test('a light run is stored in one go, with its end, before anybody is told of it', async () => {
  const { runStore, database } = world;
  const { workspaceId, workflowId, stores } = await world.openOne();
  const settle = vi.spyOn(runStore, 'settle');
  const openFiles = () => Object.assign(new TestFiles(), { hasFolder: false, noteReturned() {} });
  const { services } = new RunHarness(testTriggers, { store: runStore, openFiles });
  const queue = new EmbeddedQueue(runStore);
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const worker = new Worker({ id: 'test', queue, services, concurrency: 1, log });
  await worker.start();
  const stateWhenTold = new Promise((resolve) => {
    services.bus.subscribe(([event]) => {
      if (event) void runStore.load(event.runId).then((record) => resolve(record?.run.state));
    });
  });
  const run = await acceptRun(
    {
      ...{ catalogue: services.registry, prices: new SqlPriceLists(database), runStore, queue },
      limits: new PersonLimits({ workflows: null, hourlyItems: {} }, new SqlUseStore(database)),
      quoteRun: () => Promise.reject(new Error('What costs nothing is not quoted.')),
    },
    { principal: { user: { id: workflowId }, workspace: { id: workspaceId }, by: 'webhook' }, stores },
    {
      workflow: { id: workflowId, name: 'Light' },
      version: null,
      graph: triggerGraph({ hook: ['test.hook'] }),
      inputs: {},
    },
  );
  // As it was taken on: what became of it is told by its events.
  expect([run.state, run.lastSeq]).toEqual(['running', 0]);
  expect((await runStore.load(run.id))?.steps).toMatchObject([{ node: 'hook', state: 'succeeded' }]);
  expect(await stateWhenTold).toBe('succeeded');
  expect(settle).not.toHaveBeenCalled();
  await worker.stop(0);
});
