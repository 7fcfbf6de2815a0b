import { expect, it } from 'vitest';
import { writeRows } from './written-rows.ts';

it('writes what rows have in common once, however many they are', () => {
  const value = { body: 'x'.repeat(1000) };
  const rows = Array.from({ length: 100 }, (_, index) => ({ item: { index, value } }));
  expect(JSON.stringify(writeRows(rows)).length).toBeLessThan(6000);
  expect(JSON.stringify(writeRows([{ items: rows.map(({ item }) => item) }])).length).toBeLessThan(6000);
});

it('leaves rows as they are that only look alike', () => {
  const rows = [{ item: { value: { a: 1 } } }, { item: { value: { a: 1 } } }];
  expect(writeRows(rows)).toEqual({ rows: JSON.stringify(rows), common: [], places: [] });
});
