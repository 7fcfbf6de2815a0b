import type { UsageRow } from '@imaginarium/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chartDataOf, SHOWN_TYPES } from './chart-data.ts';

function row(day: string, nodeType: string | null, credits: number): UsageRow {
  return { day, nodeType, credits, workflow: null, person: null, steps: 1, items: 1, refunded: 0, durationMs: 1 };
}

test('stacks what cost most first, and has a bar of nothing for a day without use', () => {
  const rows = [row('2026-11-01', 'a.small', 1), row('2026-11-03', 'a.large', 9), row('2026-11-03', 'a.small', 2)];
  expect(chartDataOf({ from: '2026-11-01', to: '2026-11-03', rows })).toEqual({
    types: ['a.large', 'a.small'],
    days: [
      { day: '2026-11-01', credits: [0, 1] },
      { day: '2026-11-02', credits: [0, 0] },
      { day: '2026-11-03', credits: [9, 2] },
    ],
  });
});

test('puts node types beyond the colours there are together, and those that nobody knows', () => {
  const rows = Array.from({ length: 9 }, (_, index) => row('2026-11-01', `a.n${index}`, 100 - index));
  const data = chartDataOf({ from: '2026-11-01', to: '2026-11-01', rows: [...rows, row('2026-11-01', null, 7)] });
  expect(data.types).toHaveLength(SHOWN_TYPES + 1);
  expect(data.types.at(-1)).toBeNull();
  expect(data.days[0]?.credits.at(-1)).toBe(94 + 93 + 92 + 7);
});

test('shows every credit that was used, whatever was used', () => {
  const day = fc.constantFrom('2026-11-01', '2026-11-02', '2026-11-03');
  const type = fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 12 }).map((index) => `a.n${index}`),
  );
  const use = fc.tuple(day, type, fc.integer({ min: 0, max: 1000 }));
  fc.assert(
    fc.property(fc.array(use), (uses) => {
      const rows = uses.map(([on, of, credits]) => row(on, of, credits));
      const { days } = chartDataOf({ from: '2026-11-01', to: '2026-11-03', rows });
      const shown = days.flatMap(({ credits }) => credits).reduce((sum, credits) => sum + credits, 0);
      expect(shown).toBe(uses.reduce((sum, [, , credits]) => sum + credits, 0));
      expect(days).toHaveLength(3);
    }),
  );
});
