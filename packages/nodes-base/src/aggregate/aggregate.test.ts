import type { JsonObject, NodeDefinition } from '@imaginarium/node-sdk';
import { type TestItem, testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate } from './aggregate.ts';
import { combine } from './combine.ts';
import { groupByValue } from './group.ts';

const fields: JsonObject[] = [
  { kind: 'mug', price: 12, tags: ['a', 'b'] },
  { kind: 'hat', price: '30' },
  { kind: 'mug', price: 14.5, tags: [] },
  { price: '' },
];
const rows: TestItem[] = fields.map((entry) => ({ input: { item: 'x' }, fields: entry }));

const node: NodeDefinition = aggregate;
const results = async (params: Record<string, string>, items = rows) => {
  const { outputs } = await testNode(node).params(params).items(items).run();
  return outputs.item?.map(({ value, fields }) => [value, fields]);
};

describe('flow.aggregate', () => {
  it('works out one value of all items', async () => {
    expect(await results({ operation: 'count' })).toEqual([[4, { result: 4 }]]);
    expect(await results({ operation: 'sum', field: 'price', name: 'total' })).toEqual([[56.5, { total: 56.5 }]]);
    expect(await results({ operation: 'average', field: 'price' })).toEqual([
      [18.8333333333333, { result: 18.8333333333333 }],
    ]);
    expect(await results({ operation: 'min', field: 'price' })).toEqual([[12, { result: 12 }]]);
    expect(await results({ operation: 'max', field: 'price' })).toEqual([['30', { result: '30' }]]);
    expect(await results({ operation: 'join', field: 'kind', separator: '/' })).toEqual([
      ['mug/hat/mug', { result: 'mug/hat/mug' }],
    ]);
  });

  it('keeps lists whole when it lists them', async () => {
    expect(await results({ operation: 'list', field: 'tags' })).toEqual([
      [[['a', 'b'], []], { result: [['a', 'b'], []] }],
    ]);
  });

  it('works out one value for each group, in the order in which they come', async () => {
    expect(await results({ operation: 'count', groupBy: 'kind', name: 'n' })).toEqual([
      [2, { kind: 'mug', n: 2 }],
      [1, { kind: 'hat', n: 1 }],
      [1, { kind: null, n: 1 }],
    ]);
    expect(await results({ operation: 'max', field: 'price', groupBy: 'kind' })).toEqual([
      [14.5, { kind: 'mug', result: 14.5 }],
      ['30', { kind: 'hat', result: '30' }],
      [null, { kind: null, result: null }],
    ]);
  });

  it('refuses to add up what is no number, and names that are taken', async () => {
    await expect(results({ operation: 'sum', field: 'kind' })).rejects.toThrow(
      'kind: expected numbers to calculate with, received "mug".',
    );
    await expect(results({ name: '__proto__' })).rejects.toThrow('Name of the result: "__proto__" is a reserved name.');
    await expect(results({ groupBy: 'kind', name: 'kind' })).rejects.toThrow('Give it another name.');
    await expect(results({ operation: 'sum', field: 'cost' })).rejects.toThrow('has anything called "cost"');
  });
});

describe('combine', () => {
  it('adds up as people do', () => {
    expect(combine([0.1, 0.2], 'sum', 'x', '')).toBe(0.3);
    expect(combine([1e15, 0.1, -1e15], 'sum', 'x', '')).toBe(0.1);
    expect(combine([], 'sum', 'x', '')).toBe(0);
    expect(combine([], 'average', 'x', '')).toBeNull();
  });

  it('gives the same sum in any order, and an average between the smallest and the largest', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 }), (numbers) => {
        const of = (operation: 'sum' | 'min' | 'max' | 'average') => combine(numbers, operation, 'x', '') as number;
        expect(of('sum')).toBe(combine(numbers.toReversed(), 'sum', 'x', ''));
        expect([of('min'), of('max')]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
        expect(of('average')).toBeGreaterThanOrEqual(of('min') - 1e-6);
        expect(of('average')).toBeLessThanOrEqual(of('max') + 1e-6);
      }),
    );
  });
});

it('groups put every position in exactly one group', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 1, '1', null, undefined)), (values) => {
      const positions = groupByValue(values).flatMap((group) => group.positions);
      expect(positions.sort((a, b) => a - b)).toEqual([...values.keys()]);
    }),
  );
});
