import { expect, it } from 'vitest';
import { quietMs, shareRun } from './quiet-time.ts';

const at = (times: Record<string, [number, number]>) =>
  new Map(Object.entries(times).map(([thread, [ran, waited]]) => [thread, { ran, waited }]));

it('leaves out what threads waited for while others had the processor', () => {
  const before = at({ 1: [10, 5], 2: [100, 0], 3: [7, 7] });
  // The third ended, and the fourth has just begun.
  expect(shareRun(before, at({ 1: [40, 35], 2: [130, 30], 4: [90, 0] }))).toBe(0.5);
  expect(shareRun(before, before)).toBe(1);
  expect(shareRun(at({}), at({}))).toBe(1);
});

it('times work by what it took, at most', async () => {
  const start = performance.now();
  const ms = await quietMs(async () => {
    for (const end = performance.now() + 60; performance.now() < end; );
  });
  expect(ms).toBeGreaterThan(1);
  expect(ms).toBeLessThan(performance.now() - start);
});
