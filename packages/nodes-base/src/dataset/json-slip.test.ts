import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonSlip } from './json-slip.ts';

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('findJsonSlip', () => {
  it('finds nothing in JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, '\t'), (value, indent) => {
        expect(findJsonSlip(JSON.stringify(value, null, indent))).toBeUndefined();
      }),
    );
  });

  it('agrees with the parser on any text', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '.5',
      '01',
      'true',
      'nul',
      ' ',
      '\n',
      '\\',
      '\\u00e9',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        expect(findJsonSlip(text) === undefined).toBe(parses(text));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ['[{"a":1},\n{"a":}]', 15],
    ['[1,]', 3],
    ['[1', 2],
    ['', 0],
    ['{"a" 1}', 5],
    ['[1] 2', 4],
  ])('of %j is %i', (text, slip) => {
    expect(findJsonSlip(text)).toBe(slip);
  });
});
