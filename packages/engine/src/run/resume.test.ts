import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port } from '@imaginarium/node-sdk';
import type { Graph, NodePolicy } from '@imaginarium/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunHandedOverError, RunStoppedError } from '../call/failure.ts';
import { type Lease, LeaseLostError } from '../ports/run-store.ts';
import { aGraph, aLightNode, aNewRun, eventually, listSource, noFiles, RunHarness } from '../testing/index.ts';
import { executeRun } from './execute-run.ts';

/** Every execution of a test node, by its idempotency key. */
const executed: string[] = [];
/** Nodes that wait until their run is stopped, as long as they are named here. */
const stuck = new Set<string>();

function counting(type: string, effects: 'pure' | 'idempotent' | 'once') {
  return defineNode({
    ...aLightNode,
    ...{ type, effects, credits: 10, inputs: { item: port.any() }, outputs: { item: port.any() } },
    async execute({ input, idempotencyKey, signal }) {
      executed.push(idempotencyKey);
      if (stuck.has(idempotencyKey.split(':')[1] ?? '')) await wait(60_000, undefined, { signal });
      return { item: input.item };
    },
  });
}

const nodes = [listSource, counting('test.count', 'idempotent'), counting('test.once', 'once')];

function aChain(policy?: NodePolicy): Graph {
  const graph = aGraph()
    .node('in', 'test.list', { values: ['x', 'y'] })
    .node('a', 'test.count')
    .node('b', 'test.once')
    .node('c', 'test.count')
    .wire('in.item', 'a.item')
    .wire('a.item', 'b.item')
    .wire('b.item', 'c.item');
  return (policy ? graph.policy('b', policy) : graph).build();
}

const terms = { version: 0, rules: [], bundle: null };

async function world(graph: Graph) {
  const harness = new RunHarness(nodes, { openFiles: () => noFiles }, 1000);
  const { store, services } = harness;
  const { run } = await store.accept(aNewRun({ id: randomUUID(), graph, inputs: {}, creditsQuoted: 100, terms }));
  const load = async () => {
    const record = await store.load(run.id);
    if (!record) throw new Error('The run is gone.');
    return record;
  };
  const execute = async (lease: Lease | undefined, signal = new AbortController().signal) => {
    if (!lease) throw new Error('There is no lease.');
    return executeRun(await load(), lease, services, signal);
  };
  /** Executes until a node is at work, then loses the worker. */
  const dieAt = async (node: string) => {
    const death = new AbortController();
    stuck.add(node);
    const lease = await store.claim(run.id, 'first', 100);
    const running = execute(lease, death.signal);
    await eventually(() => executed.some((key) => key.includes(`:${node}:`)), `${node} is at work`);
    await wait(60);
    death.abort(new LeaseLostError(run.id));
    await expect(running).rejects.toThrow(LeaseLostError);
    stuck.delete(node);
    await wait(60);
  };
  const resume = async (signal?: AbortSignal) => execute(await store.takeOver(run.id, 'second', 60_000), signal);
  const times = (node: string) => executed.filter((key) => key.startsWith(`${run.id}:${node}:`)).length;
  return { runId: run.id, store, load, execute, dieAt, resume, times, events: () => store.events(run.id, 0) };
}

beforeEach(() => {
  executed.length = 0;
  stuck.clear();
});

describe('a run whose worker died', () => {
  it('goes on after its last finished step: nothing finished is executed or paid again', async () => {
    const { dieAt, resume, load, times, store, events } = await world(aChain());
    await dieAt('c');
    const before = await load();
    expect(await resume()).toMatchObject({ state: 'succeeded', creditsSpent: 30 });
    expect([times('a'), times('b'), times('c')]).toEqual([2, 2, 4]);
    expect(store.available).toBe(970);
    const { run, steps } = await load();
    expect(run.state).toBe('succeeded');
    expect(steps.slice(0, 3)).toEqual(before.steps.slice(0, 3));
    expect(steps[3]?.outputs.item?.map(({ value }) => value)).toEqual(['x', 'y']);
    const told = await events();
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_event, index) => index + 1));
    expect(told.filter(({ type }) => type === 'run.started')).toHaveLength(1);
    expect(told.filter((event) => event.type === 'step.started' && event.node === 'a')).toHaveLength(1);
  });

  it('executes what may be repeated again with the same idempotency keys', async () => {
    const { dieAt, resume, runId } = await world(aChain());
    await dieAt('a');
    await resume();
    expect(executed.filter((key) => key.includes(':a:')).sort()).toEqual(
      [0, 0, 1, 1].map((index) => `${runId}:a:${index}`),
    );
  });

  it('does not repeat an effect that may have happened, and says that nobody knows', async () => {
    const { dieAt, resume, load, times } = await world(aChain());
    await dieAt('b');
    const outcome = await resume();
    expect(outcome).toMatchObject({
      state: 'failed',
      creditsSpent: 10,
      error: { code: 'step-outcome-unknown', node: 'b' },
    });
    expect([times('b'), times('c')]).toEqual([2, 0]);
    const states = (await load()).steps.map(({ node, state }) => [node, state]);
    expect(states).toEqual([
      ['in', 'succeeded'],
      ['a', 'succeeded'],
      ['b', 'failed'],
      ['c', 'skipped'],
    ]);
  });

  it('repeats it with its idempotency key where its policy says so', async () => {
    const { dieAt, resume, times } = await world(aChain({ onUnknownOutcome: 'retry' }));
    await dieAt('b');
    expect(await resume()).toMatchObject({ state: 'succeeded' });
    expect([times('a'), times('b')]).toEqual([2, 4]);
    expect(new Set(executed.filter((key) => key.includes(':b:'))).size).toBe(2);
  });

  it('counts its time limit from the first start', async () => {
    const { dieAt, resume, times } = await world({ ...aChain(), settings: { timeoutMs: 150 } });
    await dieAt('a');
    await wait(50);
    expect(await resume()).toMatchObject({ state: 'failed', error: { code: 'run-timeout' } });
    expect(times('a')).toBe(2);
  });

  it('ends as cancelled when it was cancelled meanwhile, with what was at work marked so', async () => {
    const { dieAt, resume, load } = await world(aChain());
    await dieAt('b');
    const signal = AbortSignal.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.'));
    expect(await resume(signal)).toMatchObject({ state: 'cancelled', creditsSpent: 10 });
    expect((await load()).steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'cancelled', 'skipped']);
  });

  it('stays failed when a step had failed before the end was stored', async () => {
    const { store, runId, resume, times } = await world(aChain());
    const lease = await store.claim(runId, 'first', 1);
    if (!lease) throw new Error('There is no lease.');
    const error = { code: 'step-failed' as const, message: 'It broke.', node: 'a' };
    await store.checkpoint(lease, {
      steps: [
        {
          ...{
            node: 'a',
            iteration: '',
            name: 'a',
            type: 'test.count',
            state: 'failed',
            attempts: 1,
            itemsIn: 2,
            itemsFailed: 0,
          },
          ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z' },
          ...{ outputs: {}, credits: 0, error, reason: null },
        },
      ],
      events: [],
    });
    await wait(10);
    expect(await resume()).toMatchObject({ state: 'failed', error });
    expect(times('b')).toBe(0);
  });
});

describe('a run that is handed over', () => {
  it('is stored as far as it got, and goes on at once with the next worker', async () => {
    const { store, runId, execute, load, resume, times } = await world(aChain());
    stuck.add('c');
    const stop = new AbortController();
    const running = execute(await store.claim(runId, 'first', 60_000), stop.signal);
    await eventually(() => times('c') > 0, 'c is at work');
    stop.abort(new RunHandedOverError());
    await expect(running).rejects.toThrow(RunHandedOverError);
    const { run, steps } = await load();
    expect(run.state).toBe('running');
    expect(steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded', 'running']);
    expect(await store.listAbandoned(10)).toHaveLength(1);
    stuck.delete('c');
    expect(await resume()).toMatchObject({ state: 'succeeded', creditsSpent: 30 });
    expect([times('a'), times('b'), (await load()).takeovers]).toEqual([2, 2, 0]);
  });
});
