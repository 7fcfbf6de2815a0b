import type { Json } from '@imaginarium/node-sdk';
import { testNode } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sort } from './sort.ts';
import { type Ordering, sortedPositions } from './sort-items.ts';

const ordering: Ordering = { direction: 'ascending', compareAs: 'auto', ignoreCase: true };
const sorted = (values: (Json | undefined)[], changes: Partial<Ordering> = {}) =>
  sortedPositions(values, { ...ordering, ...changes }).map((index) => values[index]);

describe('sortedPositions', () => {
  it('puts numbers before dates, dates before text, and nothing last', () => {
    const values = ['b', '2026-01-02', 10, undefined, 'A', '9', '2025-12-31T23:00Z', ''];
    expect(sorted(values)).toEqual(['9', 10, '2025-12-31T23:00Z', '2026-01-02', 'A', 'b', undefined, '']);
    expect(sorted(values, { direction: 'descending' })).toEqual([
      ...['b', 'A', '2026-01-02', '2025-12-31T23:00Z', 10, '9', undefined, ''],
    ]);
  });

  it('puts img2 before img10, and accents beside their letters', () => {
    expect(sorted(['img10', 'img2', 'Éclair', 'fig', 'eclair'])).toEqual(['eclair', 'Éclair', 'fig', 'img2', 'img10']);
  });

  it('refuses what is no number when numbers are asked for', () => {
    expect(() => sorted([1, '12 €'], { compareAs: 'number' })).toThrow('Item 2: expected a number, received "12 €".');
  });

  it('loses nothing, is stable, and has nothing left to do a second time', () => {
    const value = fc.oneof(
      fc.integer({ max: 20 }),
      fc.constantFrom('a', 'A', 'b', '', '3', '2026-01-01', true, undefined),
    );
    const how = fc.record({
      direction: fc.constantFrom('ascending' as const, 'descending' as const),
      compareAs: fc.constantFrom('auto' as const, 'text' as const),
      ignoreCase: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 30 }), how, (values, order) => {
        const positions = sortedPositions(values, order);
        expect([...positions].sort((a, b) => a - b)).toEqual([...values.keys()]);
        const again = positions.map((index) => values[index]);
        // A stable sort of what is sorted moves nothing.
        expect(sortedPositions(again, order)).toEqual([...values.keys()]);
      }),
    );
  });
});

describe('flow.sort', () => {
  it('sorts items by a field, with all they carry', async () => {
    const items = [3, 1, 2].map((price) => ({ input: { item: `p${price}` }, fields: { price, more: true } }));
    const { outputs } = await testNode(sort).params({ by: 'price' }).items(items).run();
    expect(outputs.item).toEqual([1, 2, 3].map((price) => ({ value: `p${price}`, fields: { price, more: true } })));
  });
});
