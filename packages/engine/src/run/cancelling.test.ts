import { defineNode, port } from '@imaginarium/node-sdk';
import type { Json } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { aGraph, aLightNode, listSource, noFiles, passOn, RunHarness, sleep } from '../testing/index.ts';

/** Never returns and never listens: what a hanging library looks like. */
const hang = defineNode({
  ...aLightNode,
  type: 'test.hang',
  inputs: { item: port.any() },
  outputs: { item: port.any() },
  execute: () => new Promise<never>(() => undefined),
});

const harness = () => new RunHarness([listSource, passOn, sleep, hang], { openFiles: () => noFiles });
const source = (values: Json[]) => aGraph().node('in', 'test.list', { values });

describe('cancelling', () => {
  const graph = source(['a', 'b', 'c'])
    .node('hang', 'test.hang')
    .node('sleep', 'test.sleep', { ms: '60000' })
    .node('after', 'test.pass')
    .wire('in.item', 'hang.item')
    .wire('in.item', 'sleep.item')
    .wire('hang.item', 'after.item')
    .build();

  it('ends the run within a second, also when a node does not listen', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new RunStoppedError('run-cancelled', 'Cancelled.')), 50);
    const startedAt = performance.now();
    const { outcome, steps, events } = await harness().run(graph, {}, controller.signal);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(outcome).toMatchObject({ state: 'cancelled', error: null });
    const states = Object.values(steps).map(({ node, state, error }) => [node, state, error]);
    expect(Object.fromEntries(states.map(([node, state]) => [node, state]))).toEqual({
      ...{ in: 'succeeded', hang: 'cancelled', sleep: 'cancelled', after: 'skipped' },
    });
    expect(steps.after?.reason).toBe('The run ended before its turn.');
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', state: 'cancelled' });
  });

  it('before the first node executes nothing', async () => {
    const signal = AbortSignal.abort(new RunStoppedError('run-cancelled', 'Cancelled.'));
    const { outcome, steps } = await harness().run(graph, {}, signal);
    expect(outcome.state).toBe('cancelled');
    expect(Object.values(steps).every(({ state }) => state === 'skipped')).toBe(true);
  });

  it('happens by itself when the run takes longer than its settings allow', async () => {
    const limited = { ...graph, settings: { timeoutMs: 60 } };
    const { outcome } = await harness().run(limited);
    expect(outcome).toMatchObject({
      state: 'failed',
      error: { code: 'run-timeout', message: 'The run took longer than its limit of 0.06 s.' },
    });
  });

  it('does not happen to a run that may take 30 days', async () => {
    const short = source(['a'])
      .node('s', 'test.sleep')
      .wire('in.item', 's.item')
      .settings({ timeoutMs: 2_592_000_000 });
    expect((await harness().run(short.build())).outcome.state).toBe('succeeded');
  });
});
