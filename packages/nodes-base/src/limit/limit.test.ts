import { testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limit, limitedPositions } from './limit.ts';

describe('flow.limit', () => {
  it('keeps the first, the last, or the first of every few', () => {
    const kept = (how: 'first' | 'last' | 'every') => limitedPositions(5, { how, count: 2 });
    expect([kept('first'), kept('last'), kept('every')]).toEqual([
      [0, 1],
      [3, 4],
      [0, 2, 4],
    ]);
  });

  it('never gives more than there are, and says before how many it will give', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 60 }), (length, count) => {
        expect(limitedPositions(length, { how: 'first', count })).toHaveLength(Math.min(length, count));
        expect(limitedPositions(length, { how: 'last', count })).toHaveLength(Math.min(length, count));
        expect(limitedPositions(length, { how: 'every', count })).toHaveLength(Math.ceil(length / count));
        expect(limit.yields({ params: { how: 'every', count }, items: length })).toBe(Math.ceil(length / count));
      }),
    );
  });

  it('lets items through as they are', async () => {
    const items = ['a', 'b', 'c'].map((item) => ({ input: { item }, fields: { item } }));
    const { outputs } = await testNode(limit).params({ count: 1, how: 'last' }).items(items).run();
    expect(outputs.item).toEqual([{ value: 'c', fields: { item: 'c' } }]);
  });
});
