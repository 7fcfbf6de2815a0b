import type { QueueState, WorkerState } from '@imaginarium/protocol';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { measureQueue } from '../queue/queue-metrics.ts';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

const aWorker = (id: string, types: string[], changes: Partial<WorkerState> = {}): WorkerState => ({
  ...{ id, host: 'host', version: '1.0.0', concurrency: 10, running: 2, pools: [] },
  ...{ startedAt: '2026-11-20T00:00:00.000Z', seenAt: new Date().toISOString() },
  packages: [{ name: 'acme-nodes', version: '2.0.0', types }],
  ...changes,
});

describe.each(scratchKinds(inject('postgresUrl')))('the queue on $name', (kind) => {
  async function world() {
    const app = await testApp({}, kind);
    const { call } = await setUpOwner(app);
    const { id } = (await call('createWorkflow', { body: { name: 'Greeting', graph: sayGraph() } })).body;
    const start = async () => (await call('startRun', { params: { id }, body: {} })).body.id as string;
    const why = async (runId: string) => (await call('getRun', { params: { id: runId } })).body.waitsFor;
    const queue = async (): Promise<QueueState> => (await call('getQueue')).body;
    return { ...app, call, start, why, queue };
  }

  test('is paused and resumed by the owner, and a run says that it waits for that', async () => {
    const { call, start, why, queue, runStore, deps } = await world();
    const id = await start();
    await deps.queueStore.announce(aWorker('a', ['test.say@1']));
    expect(await why(id)).toMatchObject({ code: 'turn' });
    const paused = (await call('pauseQueue', { body: {} })).body;
    expect(paused).toMatchObject({ paused: { by: 'Ada' }, workspaces: [{ queued: 1, running: 0, paused: null }] });
    expect(await queue()).toEqual(paused);
    expect(await why(id)).toEqual({ code: 'resume', message: 'Ada has paused the queue.' });
    expect(await runStore.claim(id, 'worker', 60_000)).toBeUndefined();
    expect((await call('resumeQueue', { body: {} })).body.paused).toBeNull();
    expect(await runStore.claim(id, 'worker', 60_000)).toBeDefined();
    expect(await why(id)).toBeNull();
  });

  test('says which packages no worker has, and a run that it waits for a worker with them', async () => {
    const { start, why, queue, deps } = await world();
    const [id] = [await start(), await start()];
    expect(await why(id)).toMatchObject({ code: 'worker' });
    const longAgo = new Date(Date.now() - 60_000).toISOString();
    await deps.queueStore.announce(aWorker('dead', ['test.say@1'], { seenAt: longAgo }));
    expect(await why(id)).toMatchObject({ code: 'worker' });
    expect((await queue()).workers).toEqual([]);
    await deps.queueStore.announce(aWorker('old', ['test.say@2']));
    expect(await why(id)).toEqual({ code: 'node-types', message: 'It waits for a worker with acme-nodes.' });
    const { workers, missing } = await queue();
    expect([workers.map((worker) => worker.id), missing]).toEqual([
      ['old'],
      [{ nodeTypes: ['test.say@1'], packages: ['acme-nodes'], runs: 2 }],
    ]);
    await deps.queueStore.announce(aWorker('new', ['test.say@1']));
    expect(await why(id)).toMatchObject({ code: 'turn' });
    expect((await queue()).missing).toEqual([]);
  });

  test('shows strangers their own workspace only, and lets them pause no other', async () => {
    const app = await world();
    await app.start();
    const own = (await app.queue()).workspaces[0]?.id;
    const stranger = await strangerOf(app);
    expect((await stranger.call('getQueue')).body.workspaces).toEqual([]);
    for (const body of [{}, { workspaceId: own }])
      for (const route of ['pauseQueue', 'resumeQueue'] as const)
        expect((await stranger.call(route, { body })).body.error.code).toBe('not-allowed');
    const editor = await strangerOf(app, 'editor');
    expect((await editor.call('getQueue')).body.error.code).toBe('not-allowed');
    expect((await app.call('pauseQueue', { body: { workspaceId: own } })).body.workspaces).toMatchObject([
      { id: own, paused: { by: 'Ada' } },
    ]);
  });

  test('tells its depth and the age of what waits longest to Prometheus', async () => {
    const { start, deps } = await world();
    await start();
    const registry = new Registry();
    measureQueue(registry, deps.queueStore, { now: () => Date.now() + 60_000 });
    const text = await registry.metrics();
    expect(text).toContain('imaginarium_queue_runs{state="queued"} 1');
    expect(text).toMatch(/imaginarium_queue_oldest_seconds 6\d(\.|$)/m);
  });
});
