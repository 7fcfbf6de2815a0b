import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareIterations, iterationOf } from './iteration.ts';

const loop = fc.constantFrom('each', 'each2', 'Each', 'a-b');
const iteration = fc
  .array(fc.tuple(loop, fc.nat(1200)), { maxLength: 3 })
  .map((places) => places.reduce((outer, [name, index]) => iterationOf(outer, name, index), ''));

describe('compareIterations', () => {
  it('orders as people count, whether loops are the same or others', () => {
    const asText = new Intl.Collator('en', { numeric: true });
    fc.assert(
      fc.property(iteration, iteration, (a, b) => {
        expect(Math.sign(compareIterations(a, b))).toBe(Math.sign(asText.compare(a, b)));
      }),
    );
    expect(['each#10', 'each#9', 'each#0/in#2', 'each#0/in#11'].sort(compareIterations)).toEqual([
      ...['each#0/in#2', 'each#0/in#11', 'each#9', 'each#10'],
    ]);
  });
});
