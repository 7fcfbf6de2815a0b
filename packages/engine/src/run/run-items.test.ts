import { defineNode, emit, port } from '@imaginarium/node-sdk';
import type { Json } from '@imaginarium/protocol';
import { describe, expect, it } from 'vitest';
import { aGraph, aLightNode, listSource, noFiles, pairUp, passOn, RunHarness, split } from '../testing/index.ts';

const join = defineNode({
  ...aLightNode,
  type: 'test.join',
  mode: 'all',
  inputs: { item: port.any({ many: true }) },
  outputs: { text: port.text(), last: port.any() },
  execute: ({ input, items }) => ({
    text: input.item.join('+'),
    last: emit([{ value: items.item.at(-1)?.value ?? null, from: items.item.length - 1 }]),
  }),
});

const list = defineNode({
  ...aLightNode,
  type: 'test.collect',
  inputs: { item: port.list(port.text()) },
  outputs: { item: port.list(port.text()) },
  execute: ({ input }) => ({ item: input.item }),
});

const harness = () => new RunHarness([listSource, passOn, split, join, pairUp, list], { openFiles: () => noFiles });
const source = (values: Json[]) => aGraph().node('in', 'test.list', { values });

describe('items', () => {
  it('pass through nodes one by one, in order, with their fields and what they were made from', async () => {
    const graph = source(['a', 'b', 'c']).node('pass', 'test.pass').wire('in.item', 'pass.item').build();
    const { outcome, steps } = await harness().run(graph);
    expect(outcome).toEqual({ state: 'succeeded', creditsSpent: 0, error: null, cover: null });
    expect(steps.pass).toMatchObject({ state: 'succeeded', itemsIn: 3, itemsFailed: 0, attempts: 1 });
    expect(steps.pass?.outputs).toEqual({
      item: ['a', 'b', 'c'].map((value, row) => ({
        ...{ id: `pass.item.${row}`, value, fields: { row }, from: [`in.item.${row}`] },
      })),
    });
  });

  it('multiply with emit, keep the fields a node leaves out, and leave out ports that got nothing', async () => {
    const graph = source(['a,b', 'c']).node('split', 'test.split').wire('in.item', 'split.item').build();
    const { steps } = await harness().run(graph);
    expect(steps.split?.outputs.part?.map(({ value, fields, from }) => ({ value, fields, from }))).toEqual([
      { value: 'a', fields: { row: 0 }, from: ['in.item.0'] },
      { value: 'b', fields: { row: 0, index: 1 }, from: ['in.item.0'] },
      { value: 'c', fields: { row: 1 }, from: ['in.item.1'] },
    ]);
    expect(steps.split?.outputs.odd?.map(({ from }) => from)).toEqual([['in.item.1']]);
  });

  it('reach a node of mode all together, wires in the order they were drawn; it says what each came from', async () => {
    const graph = source(['a', 'b'])
      .node('more', 'test.list', { values: ['c'] })
      .node('join', 'test.join')
      .wire('more.item', 'join.item')
      .wire('in.item', 'join.item')
      .build();
    const { steps, values } = await harness().run(graph);
    expect(values('join.text')).toEqual(['c+a+b']);
    expect(steps.join?.outputs.text?.[0]).toMatchObject({ fields: {}, from: [] });
    expect(steps.join?.outputs.last?.[0]).toMatchObject({ value: 'b', fields: { row: 1 }, from: ['in.item.1'] });
  });

  it('of two branches meet again by descent', async () => {
    const graph = source(['a,b', 'c,d,e'])
      .node('split', 'test.split')
      .node('pair', 'test.pair')
      .wire('in.item', 'split.item')
      .wire('split.part', 'pair.a')
      .wire('in.item', 'pair.b')
      .build();
    const { values } = await harness().run(graph);
    expect(values('pair.pair')).toEqual([
      ['a', 'a,b'],
      ['b', 'a,b'],
      ['c', 'c,d,e'],
      ['d', 'c,d,e'],
      ['e', 'c,d,e'],
    ]);
  });

  it('that do not pair end the step with words, not with a guess', async () => {
    const graph = source([1, 2, 3])
      .node('two', 'test.list', { values: ['x', 'y'] })
      .node('pair', 'test.pair')
      .wire('in.item', 'pair.a')
      .wire('two.item', 'pair.b')
      .build();
    const { outcome } = await harness().run(graph);
    expect(outcome.error).toEqual({
      code: 'items-do-not-pair',
      node: 'pair',
      message: 'a has 3 items and b has 2, and they do not belong together one by one: some would be left over.',
      remedy: 'Bring both ports the same number of items, or one.',
    });
  });

  it('give the fields of the first port of the description, whichever wire was drawn first', async () => {
    const graph = source(['many', 'more'])
      .node('one', 'test.list', { values: ['single'] })
      .node('pair', 'test.pair')
      .wire('in.item', 'pair.b')
      .wire('one.item', 'pair.a')
      .build();
    const { steps } = await harness().run(graph);
    expect(steps.pair?.outputs.pair?.map(({ value, fields }) => [value, fields])).toEqual([
      [['single', 'many'], { row: 0 }],
      [['single', 'more'], { row: 0 }],
    ]);
  });

  it('arrive at a port of lists as lists, numbers and booleans as text where text is taken', async () => {
    const graph = source(['x', ['a', 2], 5, true])
      .node('list', 'test.collect')
      .wire('in.item', 'list.item')
      .build();
    const { values } = await harness().run(graph);
    expect(values('list.item')).toEqual([['x'], ['a', '2'], ['5'], ['true']]);
  });

  it('of a wrong type, come by way of a port of type any, fail with what was expected', async () => {
    const graph = source([{ no: 'text' }])
      .node('list', 'test.collect')
      .wire('in.item', 'list.item')
      .build();
    const { outcome } = await harness().run(graph);
    expect(outcome.error).toMatchObject({
      code: 'step-refused',
      message: 'item: entry 1: expected text, received object.',
    });
  });
});
