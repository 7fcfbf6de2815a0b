import { setTimeout as wait } from 'node:timers/promises';
import { defineNode, port } from '@imaginarium/node-sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { aGraph, aLightNode, noFiles, RunHarness } from '../testing/index.ts';
import { anEach, forgetWork, inside, loopHarness, loopNodes } from '../testing/loop-nodes.ts';

beforeEach(forgetWork);

describe('the end of a loop over items', () => {
  it('ends with the first iteration that fails, says which, and stops the others', async () => {
    const run = await loopHarness().run(anEach([1, 2, 3, 4], { atOnce: 2 }, { failAt: [2] }));
    const error = { code: 'step-failed', message: 'Iteration 2 of 4: It broke at 2.', node: 'a' };
    expect(run.outcome).toMatchObject({ state: 'failed', error });
    expect(run.steps.each).toMatchObject({ state: 'failed', error });
    expect(run.steps['a@each#1']).toMatchObject({ state: 'failed', error: { message: 'It broke at 2.' } });
    expect(run.steps['a@each#3']).toBeUndefined();
  });

  it('leaves iterations out that fail where its policy says so', async () => {
    const run = await loopHarness().run(anEach([1, 2, 3], {}, { failAt: [2] }, { onError: 'skip-item' }));
    expect(run.outcome).toMatchObject({ state: 'succeeded', creditsSpent: 20 });
    expect(run.values('each.results')).toEqual([2, 4]);
    expect(run.steps.each).toMatchObject({ state: 'succeeded', itemsFailed: 1 });
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'log', node: 'each', message: 'Iteration 2 of 3 was left out: It broke at 2.' }),
    );
  });

  it('sends iterations that fail to the error port where its policy says so', async () => {
    const run = await loopHarness().run(anEach([1, 2, 3], {}, { failAt: [3, 1] }, { onError: 'error-port' }));
    expect(run.values('each.results')).toEqual([3]);
    expect(run.steps.each?.outputs.error).toMatchObject([
      { id: 'each.error.0', value: { message: 'It broke at 1.' }, fields: { row: 0 }, from: ['list.item.0'] },
      { id: 'each.error.1', value: { message: 'It broke at 3.' }, fields: { row: 2 }, from: ['list.item.2'] },
    ]);
  });

  it('limits the time of each iteration', async () => {
    const slow = defineNode({
      ...aLightNode,
      type: 'test.slow',
      inputs: { item: port.any() },
      outputs: { item: port.any() },
      async execute({ input, signal }) {
        if (input.item === 2) await wait(60_000, undefined, { signal });
        return { item: input.item };
      },
    });
    const graph = aGraph()
      .node('list', 'test.list', { values: [1, 2, 3] })
      .node('each', 'test.each', {}, { policy: { timeoutMs: 100, onError: 'skip-item' } })
      .node('slow', 'test.slow', {}, inside('each'))
      .wire('list.item', 'each.items')
      .wire('each.item', 'slow.item')
      .wire('slow.item', 'each.result')
      .build();
    const run = await new RunHarness([...loopNodes, slow], { openFiles: () => noFiles }).run(graph);
    expect(run.values('each.results')).toEqual([1, 3]);
    expect(run.steps['slow@each#1']).toMatchObject({ state: 'cancelled' });
  });

  it('is passed by when it is disabled, with all that is in it', async () => {
    const graph = anEach([1, 2]);
    const off = graph.nodes.map((node) => (node.id === 'each' ? { ...node, disabled: true } : node));
    const run = await loopHarness().run({ ...graph, nodes: off });
    expect(run.values('each.results')).toEqual([1, 2]);
    expect(Object.keys(run.steps).sort()).toEqual(['each', 'list']);
  });

  it('is cancelled with its run', async () => {
    const stop = new AbortController();
    const running = loopHarness().run(anEach(Array.from({ length: 1000 }, (_, index) => index)), {}, stop.signal);
    await wait(50);
    stop.abort(new RunStoppedError('run-cancelled', 'Somebody cancelled it.'));
    const run = await running;
    expect(run.outcome.state).toBe('cancelled');
    expect(run.steps.each?.state).toBe('cancelled');
    expect(Object.values(run.steps).filter(({ state }) => state === 'running')).toEqual([]);
  });
});
