import { defineNode, emit, port } from '@imaginarium/node-sdk';
import type { Json } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, RunHarness } from '../testing/index.ts';

/** Puts the items of B before those of A, and says where each came from. */
const weave = defineNode({
  ...aLightNode,
  type: 'test.weave',
  effects: 'pure',
  typicalMs: 50, // Worth caching.
  mode: 'all',
  inputs: { a: port.any(), b: port.any() },
  outputs: { item: port.any(), both: port.any(), odd: port.any() },
  execute: ({ input }) => ({
    item: emit([
      ...input.b.map((value, at) => ({ value, from: { b: at } })),
      ...input.a.map((value, at) => ({ value, from: { a: at } })),
    ]),
    both: emit(input.a.map((value, at) => ({ value, from: { a: at, b: at } }))),
    odd: emit([{ value: 'odd', from: { a: 99, c: 0, constructor: 0 } }]),
  }),
});

const pairUp = defineNode({
  ...aLightNode,
  type: 'test.pair',
  inputs: { a: port.any(), b: port.any() },
  outputs: { pair: port.json() },
  execute: ({ input }) => ({ pair: [input.a, input.b] as Json }),
});

describe('items of a node that sees the whole list', () => {
  const harness = new RunHarness([listSource, weave, pairUp], { openFiles: () => noFiles });
  const graph = aGraph()
    .node('first', 'test.list', { values: ['1', '2'] })
    .node('second', 'test.list', { values: ['x', 'y'] })
    .node('weave', 'test.weave')
    .node('pair', 'test.pair')
    .wire('first.item', 'weave.a')
    .wire('second.item', 'weave.b')
    .wire('weave.both', 'pair.a')
    .wire('second.item', 'pair.b')
    .build();

  it('descend from items of any port, also when they come from the cache', async () => {
    for (const cached of [false, true]) {
      const { outcome, steps, values } = await harness.run(graph);
      expect(outcome).toMatchObject({ state: 'succeeded' });
      expect(steps.weave?.state).toBe(cached ? 'cached' : 'succeeded');
      const from = (port: string) => steps.weave?.outputs[port]?.map((item) => item.from);
      expect(from('item')).toEqual([['second.item.0'], ['second.item.1'], ['first.item.0'], ['first.item.1']]);
      expect(from('both')).toEqual([
        ['first.item.0', 'second.item.0'],
        ['first.item.1', 'second.item.1'],
      ]);
      expect(values('pair.pair')).toEqual([
        ['1', 'x'],
        ['2', 'y'],
      ]);
    }
  });

  it('carry the fields of what they descend from, and nothing from where nothing is', async () => {
    const { steps } = await harness.run(graph);
    expect(steps.weave?.outputs.item?.map((item) => item.fields)).toEqual([
      { row: 0 },
      { row: 1 },
      { row: 0 },
      { row: 1 },
    ]);
    expect(steps.weave?.outputs.odd).toMatchObject([{ value: 'odd', fields: {}, from: [] }]);
  });
});
