import { expect, it } from 'vitest';
import { shiftOutside } from './shift-outside.ts';

it('leaves out every square that an area touches, and no other', () => {
  const seen = { columns: 4, rows: 3, shift: new Float32Array(36).fill(2) };
  const { shift } = shiftOutside(seen, [
    { left: 7, top: 8, width: 10, height: 4 },
    { left: 24, top: 16, width: 40, height: 40 },
  ]);
  const cells = Array.from({ length: 12 }, (_, cell) => (shift[cell * 3] === 0 ? 0 : 1));
  expect(cells).toEqual([1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0]);
  expect(seen.shift.every((value) => value === 2)).toBe(true);
});
