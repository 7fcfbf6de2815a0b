import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asNumber, asText, asTime, foldText, readNumber } from './plain-value.ts';

describe('asNumber', () => {
  it('takes numbers and what plainly spells one', () => {
    expect([12, '12', ' 12.50 ', '-3', '0.1', '0'].map(asNumber)).toEqual([12, 12, 12.5, -3, 0.1, 0]);
  });

  it('leaves alone what only looks like one', () => {
    for (const value of ['007', '12 €', '1e5', '0x10', '', 'Infinity', '12345678901234567890', true, null, [1]])
      expect(asNumber(value)).toBeUndefined();
  });

  it('knows every number again that was turned into text', () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (number) => {
        expect(asNumber(String(number))).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

it('readNumber takes every way to spell one, and nothing else', () => {
  expect(['007', ' 1e5', '+.5', 3, '12.'].map(readNumber)).toEqual([7, 1e5, 0.5, 3, 12]);
  for (const value of ['', '12 €', '0x10', '1e999', '12,5', true, null]) expect(readNumber(value)).toBeUndefined();
});

describe('asTime', () => {
  it('takes dates with and without time and zone', () => {
    const noon = Date.UTC(2026, 10, 21, 12);
    expect(asTime('2026-11-21')).toBe(Date.UTC(2026, 10, 21));
    for (const text of ['2026-11-21 12:00', '2026-11-21T12:00:00Z', '2026-11-21T13:00+0100', '2026-11-21T12:00:00.000'])
      expect(asTime(text)).toBe(noon);
  });

  it('leaves alone days that do not exist and other ways of writing', () => {
    for (const value of ['2026-02-30', '2026-13-01', '21.11.2026', '2026-11', '2026-11-21T25:00', 20261121])
      expect(asTime(value)).toBeUndefined();
  });
});

describe('asText and foldText', () => {
  it('write everything, and see through two ways of writing an accent', () => {
    expect([null, undefined, 7, false, 'x', [1], { a: 1 }].map(asText)).toEqual([
      ...['', '', '7', 'false', 'x', '[1]', '{"a":1}'],
    ]);
    expect(foldText('CAFE\u0301', true)).toBe('caf\u00e9');
    expect(foldText('Caf\u00e9', false)).toBe('Caf\u00e9');
  });
});
