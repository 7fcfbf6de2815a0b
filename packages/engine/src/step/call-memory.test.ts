import { defineNode, port, text } from '@imaginarium/node-sdk';
import { describe, expect, it } from 'vitest';
import { RunStoppedError } from '../call/failure.ts';
import { aGraph, aLightNode, listSource, noFiles, RunHarness } from '../testing/index.ts';

const worked: string[] = [];
let stopAt: { item: string; stop: AbortController } | undefined;

/** A node as slow and heavy as an upscale says it is. */
const heavy = (type: string, credits: number) =>
  defineNode({
    ...aLightNode,
    ...{ type, typicalMs: 5000, effects: 'pure', resources: { pool: 'media', memoryMb: 10 }, concurrency: 1 },
    inputs: { item: port.any() },
    outputs: { item: port.text() },
    params: { bad: text({ title: 'Bad', default: '' }) },
    credits: ({ items }) => credits * items,
    execute({ input, params, fields }) {
      const item = String(input.item);
      if (stopAt?.item === item) stopAt.stop.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.'));
      if (params.bad === item) throw new Error('is no picture');
      worked.push(item);
      return { item: `large ${item}`, fields: { ...fields, made: item } };
    },
  });

function harness() {
  worked.length = 0;
  stopAt = undefined;
  return new RunHarness(
    [listSource, heavy('test.free', 0), heavy('test.paid', 10)],
    { openFiles: () => noFiles },
    1000,
  );
}

const batch = (type: string, values: string[], bad = '') =>
  aGraph()
    .node('in', 'test.list', { values })
    .node('up', type, { bad })
    .policy('up', { onError: 'skip-item' })
    .wire('in.item', 'up.item')
    .build();

describe('a batch of a slow node', () => {
  it('works on the new items only, and they alone are paid', async () => {
    const own = harness();
    await own.run(batch('test.paid', ['a', 'b']));
    worked.length = 0;
    const { steps, values } = await own.run(batch('test.paid', ['a', 'b', 'c']));
    expect(worked).toEqual(['c']);
    expect(values('up.item')).toEqual(['large a', 'large b', 'large c']);
    expect(steps.up?.outputs.item?.map(({ fields }) => fields.made)).toEqual(['a', 'b', 'c']);
    expect(steps.up).toMatchObject({ state: 'succeeded', credits: 10 });
    expect(steps.up?.reason).toContain('2 of 3 items are kept from before.');
  });

  it('is known whole where each of its items is', async () => {
    const own = harness();
    await own.run(batch('test.paid', ['a', 'b', 'c']));
    worked.length = 0;
    const { steps } = await own.run(batch('test.paid', ['a', 'b']));
    expect([worked, steps.up?.state, steps.up?.credits]).toEqual([[], 'cached', 0]);
  });

  it('keeps the good ones where one is bad, and names the bad one', async () => {
    const own = harness();
    const first = await own.run(batch('test.paid', ['a', 'b', 'c'], 'b'));
    expect(first.steps.up).toMatchObject({
      ...{ state: 'succeeded', credits: 20, itemsFailed: 1 },
      failedItems: [{ index: 1, message: expect.stringContaining('is no picture') }],
    });
    worked.length = 0;
    const again = await own.run(batch('test.paid', ['a', 'b', 'c'], 'b'));
    expect([worked, again.steps.up?.itemsFailed, again.steps.up?.credits]).toEqual([[], 1, 0]);
  });

  it('that is cancelled keeps what it finished where that costs nothing, and nothing that nobody paid for', async () => {
    const kept = async (type: string) => {
      const own = harness();
      stopAt = { item: 'c', stop: new AbortController() };
      const terms = { version: 0, rules: [], bundle: null };
      const more = { creditsQuoted: 40, terms };
      const { outcome } = await own.run(batch(type, ['a', 'b', 'c', 'd']), {}, stopAt.stop.signal, more);
      expect([outcome.state, outcome.creditsSpent]).toEqual(['cancelled', 0]);
      worked.length = 0;
      stopAt = undefined;
      await own.run(batch(type, ['a', 'b', 'c', 'd']));
      return worked;
    };
    expect(await kept('test.free')).toEqual(['d']);
    expect(await kept('test.paid')).toEqual(['a', 'b', 'c', 'd']);
  });
});
