import { beforeEach, describe, expect, it } from 'vitest';
import { anUntil, forgetWork, loopHarness } from '../testing/loop-nodes.ts';

beforeEach(forgetWork);

describe('a loop that repeats', () => {
  it('goes round with each item until it is done, and gives them in the order in which they came', async () => {
    const run = await loopHarness().run(anUntil([7, 9, 8]));
    expect(run.values('until.done')).toEqual([10, 10, 10]);
    expect(run.steps.until?.outputs.done?.map(({ fields, from }) => [fields.row, from])).toEqual([
      [0, ['list.item.0']],
      [1, ['list.item.1']],
      [2, ['list.item.2']],
    ]);
    expect(run.steps.until?.reason).toBe('3 rounds.');
    expect([0, 1, 2].map((round) => run.steps[`a@until#${round}`]?.itemsIn)).toEqual([3, 2, 1]);
    expect(run.outcome.creditsSpent).toBe(60);
  });

  it('lets items that reach the limit leave by a port of their own', async () => {
    const run = await loopHarness().run(anUntil([7, 1], { limit: 3 }));
    expect([run.values('until.done'), run.values('until.unfinished')]).toEqual([[10], [4]]);
    expect(run.steps.until?.reason).toBe('3 rounds; the limit stopped some items.');
  });

  it('goes round at least once, and ends when nothing comes back', async () => {
    expect((await loopHarness().run(anUntil([50]))).values('until.done')).toEqual([51]);
    const graph = anUntil([0]);
    const nodes = graph.nodes.map((node) => (node.id === 'a' ? { ...node, type: 'test.copies', params: {} } : node));
    const run = await loopHarness().run({ ...graph, nodes });
    expect(run.outcome.state).toBe('succeeded');
    expect(run.values('until.done')).toEqual([]);
  });

  it('keeps what was done before a round failed, where its policy says so', async () => {
    const run = await loopHarness().run(anUntil([9, 1], {}, { failAt: [3] }, { onError: 'skip-item' }));
    expect(run.values('until.done')).toEqual([10]);
    expect(run.steps.until).toMatchObject({ state: 'succeeded', itemsFailed: 1 });
    const stopped = await loopHarness().run(anUntil([1], {}, { failAt: [3] }));
    expect(stopped.outcome.error?.message).toBe('Iteration 3: It broke at 3.');
  });
});
