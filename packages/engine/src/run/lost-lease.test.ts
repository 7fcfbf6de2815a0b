import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../limits/system-clock.ts';
import { MemoryEventBus } from '../memory/memory-event-bus.ts';
import { MemoryRunStore } from '../memory/memory-run-store.ts';
import { LeaseLostError } from '../ports/run-store.ts';
import { aGraph, aLightNode, aNewRun, listSource, noFiles, RunHarness } from '../testing/index.ts';
import { executeRun } from './execute-run.ts';
import { interruptRun } from './interrupt-run.ts';
import { RunRecorder } from './run-recorder.ts';

/** Works for a while whatever happens, and then talks on. */
const stubborn = defineNode({
  ...aLightNode,
  type: 'test.stubborn',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  credits: 10,
  async execute({ input, log, progress }) {
    await wait(120);
    log.info('still here');
    progress(0.5);
    return { item: input.item };
  },
});

const graph = aGraph()
  .node('in', 'test.list', { values: ['x'] })
  .node('a', 'test.stubborn')
  .node('b', 'test.stubborn')
  .wire('in.item', 'a.item')
  .wire('a.item', 'b.item')
  .build();

const terms = { version: 0, rules: [], bundle: null };

async function started(leaseMs: number) {
  const harness = new RunHarness([listSource, stubborn], { openFiles: () => noFiles }, 100);
  const { run } = await harness.store.accept(
    aNewRun({ id: randomUUID(), graph, inputs: {}, creditsQuoted: 20, terms }),
  );
  const lease = await harness.store.claim(run.id, 'first', leaseMs);
  const record = await harness.store.load(run.id);
  if (!lease || !record) throw new Error('The run could not be claimed.');
  return { harness, runId: run.id, lease, record };
}

describe('a worker that lost its lease', () => {
  it('writes nothing more and gives nothing back, though it learns of it only when it writes', async () => {
    const { harness, runId, lease, record } = await started(20);
    const running = executeRun(record, lease, harness.services, new AbortController().signal);
    await wait(60);
    const second = await harness.store.takeOver(runId, 'second', 60_000);
    const before = structuredClone(await harness.store.load(runId));
    await expect(running).rejects.toThrow(LeaseLostError);
    await wait(200);
    expect(await harness.store.load(runId)).toEqual(before);
    expect(before?.run.state).toBe('running');
    expect(harness.store.available).toBe(80);
    expect(second).toBeDefined();
  });

  it('stops at once when it is told, and its nodes are no longer heard', async () => {
    const { harness, runId, lease, record } = await started(60_000);
    const lost = new AbortController();
    const running = executeRun(record, lease, harness.services, lost.signal);
    await wait(60);
    lost.abort(new LeaseLostError(runId));
    const before = structuredClone(await harness.store.load(runId));
    const stoppedAt = performance.now();
    await expect(running).rejects.toThrow(LeaseLostError);
    expect(performance.now() - stoppedAt).toBeLessThan(60);
    await wait(200);
    expect(await harness.store.load(runId)).toEqual(before);
    expect(harness.store.available).toBe(80);
  });

  it('leaves a run that another worker can end: what finished is kept, the rest says that it was interrupted', async () => {
    const { harness, runId, lease, record } = await started(60_000);
    const lost = new AbortController();
    const running = executeRun(record, lease, harness.services, lost.signal);
    await wait(60);
    lost.abort(new LeaseLostError(runId));
    await running.catch(() => undefined);
    const abandoned = await harness.store.load(runId);
    if (!abandoned) throw new Error('The run is gone.');
    await interruptRun(abandoned, lease, harness.services);
    const ended = await harness.store.load(runId);
    expect(ended?.run).toMatchObject({ state: 'failed', error: { code: 'run-interrupted' } });
    expect(ended?.steps.map(({ node, state }) => [node, state])).toEqual([
      ['in', 'succeeded'],
      ['a', 'cancelled'],
    ]);
    const events = await harness.store.events(runId, 0);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
    expect(events.at(-1)?.type).toBe('run.finished');
    expect(harness.store.available).toBe(100);
  });
});

describe('a store that fails', () => {
  it('ends the work: nothing is told that was not stored', async () => {
    const { harness, lease, record } = await started(60_000);
    const told: unknown[] = [];
    harness.services.bus.subscribe((events) => told.push(...events));
    const store = Object.create(harness.store, {
      checkpoint: { value: async () => Promise.reject(new Error('disk is full')) },
      settle: { value: async () => Promise.reject(new Error('disk is full')) },
    });
    await expect(
      executeRun(record, lease, { ...harness.services, store }, new AbortController().signal),
    ).rejects.toThrow('disk is full');
    expect(told).toEqual([]);
  });
});

it('ends no run without its last steps and events when the lease is lost while they wait to be stored', async () => {
  const store = new MemoryRunStore();
  const { run } = await store.accept(aNewRun());
  const lease = await store.claim(run.id, 'worker', 60_000);
  if (!lease) throw new Error('not claimed');
  const recorder = new RunRecorder({
    ...{ lease, store, bus: new MemoryEventBus(), clock: systemClock, lastSeq: 0 },
    onLost: () => undefined,
  });
  recorder.event({ type: 'run.started' });
  const outcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;
  const ending = recorder.settle(outcome, false);
  recorder.abandon();
  await expect(ending).rejects.toThrow(LeaseLostError);
  expect((await store.load(run.id))?.run.state).toBe('running');
});
