import { validate, version } from 'uuid';
import { afterEach, expect, test, vi } from 'vitest';
import { newId } from './new-id.ts';

afterEach(() => vi.restoreAllMocks());

test('ids are UUIDs of version 7, of the moment that they are made in', () => {
  const before = Date.now();
  const id = newId();
  const ms = Number.parseInt(id.slice(0, 13).replace('-', ''), 16);
  expect([validate(id), version(id)]).toEqual([true, 7]);
  expect(ms).toBeGreaterThanOrEqual(before);
  expect(ms).toBeLessThanOrEqual(Date.now());
});

test('ids follow one another, however many of them are made at once and wherever the clock is set', () => {
  const now = vi.spyOn(Date, 'now');
  const ids: string[] = [];
  for (const ms of [2e12, 2e12, 2e12 - 60_000, 2e12 + 1, 2e12 + 5_000]) {
    now.mockReturnValue(ms);
    for (let count = 0; count < 10_000; count++) ids.push(newId());
  }
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
});
