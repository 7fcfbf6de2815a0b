import { setTimeout as wait } from 'node:timers/promises';
import { LeaseLostError, MemoryRunQueue } from '@imaginarium/engine';
import { aGraph, aNewRun, eventually, RunHarness } from '@imaginarium/engine/testing';
import { defineNode, port } from '@imaginarium/node-sdk';
import type { Graph } from '@imaginarium/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EmbeddedQueue } from '../adapters/embedded-queue/embedded-queue.ts';
import { Worker } from './worker.ts';

const started: string[] = [];
const aborted: unknown[] = [];
const common = {
  version: 1,
  summary: 'Test.',
  group: 'processing',
  icon: 'x',
  inputs: {},
  outputs: { text: port.text() },
} as const;
const quick = defineNode({
  ...common,
  type: 'test.quick',
  title: 'Quick',
  effects: 'pure',
  execute: () => ({ text: 'done' }),
});
const endless = defineNode({
  ...common,
  type: 'test.endless',
  title: 'Endless',
  effects: 'pure',
  async execute({ signal, idempotencyKey }) {
    started.push(idempotencyKey);
    await new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        aborted.push(signal.reason);
        reject(signal.reason);
      }),
    );
    return { text: 'never' };
  },
});

const workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
  started.length = 0;
  aborted.length = 0;
});

function aWorker() {
  const { services, store } = new RunHarness([quick, endless]);
  const queue = new MemoryRunQueue();
  const onSettled = vi.fn(async () => undefined);
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const next = () => {
    const worker = new Worker({ id: 'test', queue, services, concurrency: 2, log, onSettled });
    workers.push(worker);
    return worker;
  };
  const worker = next();
  const accept = async (graph: Graph) => {
    const { run } = await store.accept(aNewRun({ graph, inputs: {} }));
    await queue.offer({ runId: run.id, workspaceId: 'w', priority: 5 });
    return run.id;
  };
  const stateOf = async (id: string) => (await store.load(id))?.run;
  return { worker, store, services, accept, stateOf, onSettled, next };
}

const quickGraph = aGraph().node('a', 'test.quick').build();
const endlessGraph = aGraph().node('a', 'test.endless').build();

describe('Worker', () => {
  it('executes what is offered, and tells when it is stored', async () => {
    const { worker, accept, stateOf, onSettled } = aWorker();
    await worker.start();
    const id = await accept(quickGraph);
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled');
    expect(await stateOf(id)).toMatchObject({ state: 'succeeded', error: null });
  });

  it('cancels a run at work within a second of being asked', async () => {
    const { worker, store, accept, stateOf, onSettled } = aWorker();
    await worker.start();
    const id = await accept(endlessGraph);
    await eventually(() => started.length === 1, 'the node is at work');
    await store.requestCancel(id);
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled', 1000);
    expect(await stateOf(id)).toMatchObject({ state: 'cancelled', error: null });
  });

  it('goes on with the runs of a worker that died', async () => {
    const { worker, store, accept, stateOf, onSettled } = aWorker();
    const id = await accept(quickGraph);
    await store.claim(id, 'dead', 1);
    await wait(10);
    await worker.start();
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled');
    expect(await stateOf(id)).toMatchObject({ state: 'succeeded', error: null });
    expect((await store.load(id))?.takeovers).toBe(1);
  });

  it('lets workers that live renew their leases after the clock was set, before it takes their runs', async () => {
    const { worker, store, accept, onSettled } = aWorker();
    const id = await accept(quickGraph);
    await store.claim(id, 'alive, its lease seems to lapse', 200);
    await worker.start();
    vi.spyOn(store, 'leaseClock').mockImplementation(async () => Date.now() + 3_600_000);
    await wait(2000);
    expect(onSettled).not.toHaveBeenCalled();
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled', 8000);
  });

  it('takes no more runs of dead workers at once than it has places, and in their order', async () => {
    const { worker, store, accept } = aWorker();
    for (const _run of [1, 2, 3]) await store.claim(await accept(endlessGraph), 'dead', 1);
    await wait(10);
    await worker.start();
    await eventually(() => started.length === 2, 'two nodes are at work');
    await wait(50);
    expect(started).toHaveLength(2);
    expect(await store.listAbandoned(10)).toHaveLength(1);
  });

  it('gives a run up whose workers died again and again, and says why', async () => {
    const { worker, store, accept, stateOf, onSettled } = aWorker();
    const id = await accept(quickGraph);
    await store.claim(id, 'dead', 1);
    for (const _time of [1, 2, 3, 4, 5]) {
      await wait(5);
      await store.takeOver(id, 'dead', 1);
    }
    await wait(5);
    await worker.start();
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled');
    expect(await stateOf(id)).toMatchObject({ state: 'failed', error: { code: 'run-interrupted' } });
  });

  it('cancels a run that somebody cancelled while no worker had it, and executes nothing of it', async () => {
    const { worker, store, accept, stateOf, onSettled } = aWorker();
    const id = await accept(endlessGraph);
    const lease = await store.claim(id, 'dead', 1);
    if (!lease) throw new Error('not claimed');
    const at = new Date().toISOString();
    await store.checkpoint(lease, { steps: [], events: [{ type: 'run.started', runId: id, seq: 1, at }] });
    await store.requestCancel(id);
    await wait(10);
    await worker.start();
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled');
    expect(await stateOf(id)).toMatchObject({ state: 'cancelled', error: null });
    expect(started).toEqual([]);
  });

  it('lets runs end when it is stopped, and lets go of them when the grace is over: the next goes on at once', async () => {
    const { worker, store, accept, stateOf, next } = aWorker();
    await worker.start();
    const id = await accept(endlessGraph);
    await eventually(() => started.length === 1, 'the node is at work');
    await worker.stop(50);
    expect(await stateOf(id)).toMatchObject({ state: 'running', error: null });
    await next().start();
    await eventually(() => started.length === 2, 'the node is at work again');
    expect(new Set(started).size).toBe(1);
    expect((await store.load(id))?.takeovers).toBe(0);
  });

  it('lets go of a run too that it is taking when the grace is over', async () => {
    const { worker, services, store, accept, stateOf } = aWorker();
    const claim = store.claim.bind(store);
    services.store.claim = async (...asked) => {
      const lease = await claim(...asked);
      await wait(50);
      return lease;
    };
    await worker.start();
    const id = await accept(endlessGraph);
    await worker.stop(10);
    expect(await stateOf(id)).toMatchObject({ state: 'running' });
    expect(await store.listAbandoned(1)).toHaveLength(1);
    expect(started).toEqual([]);
  });

  it('stops its work when the database has not answered for longer than its lease', { timeout: 15_000 }, async () => {
    const { worker, services, accept } = aWorker();
    await worker.start();
    await accept(endlessGraph);
    await eventually(() => started.length === 1, 'the node is at work');
    services.store.renew = () => new Promise(() => undefined);
    await eventually(() => aborted.length === 1, 'the node is stopped', 10_000);
    expect(aborted[0]).toBeInstanceOf(LeaseLostError);
  });

  it('leaves a run whose node types it does not have to a worker that has them', async () => {
    const { services: having, store } = new RunHarness([quick, endless]);
    const without = { ...new RunHarness([endless]).services, store };
    const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const start = async (id: string, services: typeof having) => {
      const canExecute = (types: readonly string[]) => services.registry.hasAll(types);
      const listed = { listQueued: (limit: number) => store.listQueued(limit, canExecute) };
      const queue = new EmbeddedQueue(listed, { sweepMs: 30 });
      const worker = new Worker({ id, queue, services, concurrency: 1, log });
      workers.push(worker);
      await worker.start();
      return queue;
    };
    const lacking = await start('lacking', without);
    const { run } = await store.accept(aNewRun({ graph: quickGraph, inputs: {} }));
    await lacking.offer({ runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 });
    await wait(150);
    expect((await store.load(run.id))?.run.state).toBe('queued');
    await start('having', having);
    await vi.waitFor(async () => expect((await store.load(run.id))?.run.state).toBe('succeeded'));
    expect(log.error).not.toHaveBeenCalled();
  });

  it('offers a run that was put off once its time has come', async () => {
    const { worker, store, stateOf, onSettled } = aWorker();
    await worker.start();
    const notBefore = new Date(Date.now() + 400).toISOString();
    const { run } = await store.accept(aNewRun({ graph: quickGraph, inputs: {}, notBefore }));
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled');
    const ended = await stateOf(run.id);
    expect(ended).toMatchObject({ state: 'succeeded', notBefore });
    expect((ended?.startedAt ?? '') >= notBefore).toBe(true);
  });
});
