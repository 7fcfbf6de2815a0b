import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readByteRange } from './byte-range.ts';

test('a range lies within the file and is what was asked for, whatever is asked', () => {
  const position = fc.option(fc.nat(200), { nil: undefined });
  fc.assert(
    fc.property(position, position, fc.integer({ min: 1, max: 100 }), (first, last, bytes) => {
      const range = readByteRange(`bytes=${first ?? ''}-${last ?? ''}`, bytes);
      const wanted = Array.from({ length: bytes }, (_, index) => index).filter((index) =>
        first === undefined ? index >= bytes - (last ?? 0) : index >= first && index <= (last ?? bytes),
      );
      const backwards = first !== undefined && last !== undefined && last < first;
      if ((first === undefined && last === undefined) || backwards) expect(range).toBeUndefined();
      else if (wanted.length === 0) expect(range).toBe('unsatisfiable');
      else expect(range).toEqual({ start: wanted[0], end: wanted.at(-1) });
    }),
  );
});

test('nonsense asks for the whole file', () => {
  for (const header of [
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=a-b',
    'items=0-1',
    'bytes=0-1,3-4',
    'bytes=--1',
    `bytes=${'9'.repeat(400)}-`,
  ])
    expect(readByteRange(header, 10)).toBeUndefined();
});
