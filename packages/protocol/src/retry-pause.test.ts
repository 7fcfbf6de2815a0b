import fc from 'fast-check';
import { expect, it } from 'vitest';
import { retryPauseMs } from './retry-pause.ts';

it('doubles pauses, up to six hours', () => {
  const policy = { backoffMs: 60_000, factor: 2 };
  expect([1, 2, 3, 20].map((count) => retryPauseMs(policy, count))).toEqual([60_000, 120_000, 240_000, 21_600_000]);
});

it('makes no pause shorter than the one before, whatever the policy', () => {
  const policy = fc.record({
    backoffMs: fc.integer({ min: 0, max: 3_600_000 }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
  });
  fc.assert(
    fc.property(policy, fc.integer({ min: 1, max: 19 }), (retry, count) => {
      expect(retryPauseMs(retry, count + 1)).toBeGreaterThanOrEqual(retryPauseMs(retry, count));
    }),
  );
});
