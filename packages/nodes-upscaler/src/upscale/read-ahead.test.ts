import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readAhead } from './read-ahead.ts';

const size = fc.integer({ min: 0, max: 30 });

it('gives every row once and in order, and reads one piece ahead', async () => {
  await fc.assert(
    fc.asyncProperty(size, size, fc.integer({ min: 1, max: 9 }), async (first, count, most) => {
      const seen: number[] = [];
      let begun = first;
      const read = async (top: number, rows: number) => {
        begun = top + rows;
        return Array.from({ length: rows }, (_, at) => top + at);
      };
      for await (const { top, count: length, rows } of readAhead(first, first + count, most, read)) {
        expect([rows[0], rows.length]).toEqual([top, length]);
        seen.push(...rows);
        expect(begun).toBe(Math.min(first + count, top + 2 * most));
      }
      expect(seen).toEqual(Array.from({ length: count }, (_, at) => first + at));
    }),
  );
});

it('tells of a failure when the piece is asked for', async () => {
  const read = async (top: number) => {
    if (top > 0) throw new Error('The disk failed.');
    return top;
  };
  const pieces = readAhead(0, 2, 1, read);
  expect((await pieces.next()).value).toMatchObject({ rows: 0 });
  await expect(pieces.next()).rejects.toThrow('The disk failed.');
});
