import { MemoryRunQueue, RunStoppedError } from '@imaginarium/engine';
import { aGraph, aNewRun, eventually, RunHarness } from '@imaginarium/engine/testing';
import { defineNode, port } from '@imaginarium/node-sdk';
import type { Graph } from '@imaginarium/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Worker } from './worker.ts';

const started: string[] = [];
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
    await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return { text: 'never' };
  },
});

const workers: Worker[] = [];
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop(0)));
  started.length = 0;
});

function aWorker() {
  const { services, store } = new RunHarness([quick, endless]);
  const queue = new MemoryRunQueue();
  const onSettled = vi.fn(async () => undefined);
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const worker = new Worker({ id: 'test', queue, services, concurrency: 2, log, onSettled });
  workers.push(worker);
  const accept = async (graph: Graph) => {
    const { run } = await store.accept(aNewRun({ graph, inputs: {} }));
    await queue.offer({ runId: run.id, workspaceId: 'w', priority: 5 });
    return run.id;
  };
  const stateOf = async (id: string) => (await store.load(id))?.run;
  return { worker, store, services, accept, stateOf, onSettled };
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

  it('ends the runs of a worker that died, and says why', async () => {
    const { worker, store, accept, stateOf, onSettled } = aWorker();
    const id = await accept(endlessGraph);
    const lease = await store.claim(id, 'dead', 1);
    if (!lease) throw new Error('not claimed');
    await new Promise((resolve) => setTimeout(resolve, 10));
    await worker.start();
    await eventually(() => onSettled.mock.calls.length === 1, 'the run is settled');
    expect(await stateOf(id)).toMatchObject({ state: 'failed', error: { code: 'run-interrupted' } });
  });

  it('lets runs end when it is stopped, and interrupts them when the grace is over', async () => {
    const { worker, accept, stateOf } = aWorker();
    await worker.start();
    const id = await accept(endlessGraph);
    await eventually(() => started.length === 1, 'the node is at work');
    await worker.stop(50);
    expect(await stateOf(id)).toMatchObject({
      state: 'failed',
      error: { code: new RunStoppedError('run-interrupted', '').code },
    });
  });
});
