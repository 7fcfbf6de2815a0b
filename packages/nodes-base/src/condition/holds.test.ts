import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConditionValues, formHolds } from './condition-params.ts';
import { holds, type Operator, type Reading } from './holds.ts';

const plain: Reading = { compareAs: 'auto', ignoreCase: true };
const is = (value: string, operator: Operator, other = '', reading: Partial<Reading> = {}) =>
  holds({ value, operator, other }, { ...plain, ...reading });

describe('holds', () => {
  it('compares numbers as numbers and dates as dates', () => {
    expect(is('9', 'less', '10')).toBe(true);
    expect(is('12.50', 'equals', '12.5')).toBe(true);
    expect(is('2026-02-01', 'greater', '2026-01-31')).toBe(true);
    expect(is('2026-11-21T13:00+01:00', 'equals', '2026-11-21T12:00Z')).toBe(true);
    expect([is('5', 'at-least', '5'), is('5', 'at-most', '5'), is('5', 'greater', '5')]).toEqual([true, true, false]);
  });

  it('does not take an article number for a number', () => {
    expect(is('007', 'equals', '7')).toBe(false);
    expect(is('12345678901234567890', 'equals', '12345678901234567891')).toBe(false);
    expect(is('007', 'equals', '7', { compareAs: 'number' })).toBe(true);
    expect(is('1.0', 'equals', '1', { compareAs: 'text' })).toBe(false);
  });

  it('looks into text, with capitals or without', () => {
    expect(is('Blue mug', 'contains', 'blue')).toBe(true);
    expect(is('Blue mug', 'contains', 'blue', { ignoreCase: false })).toBe(false);
    expect(is('Blue mug', 'not-contains', 'red')).toBe(true);
    expect([is('Blue mug', 'starts-with', 'blue'), is('Blue mug', 'ends-with', 'MUG')]).toEqual([true, true]);
    expect(is('IMG_1.JPG', 'matches', 'img_*.jpg')).toBe(true);
    expect(() => is('x', 'matches', '*'.repeat(201))).toThrow(
      'expected a pattern of at most 200 characters, received 201',
    );
  });

  it('finds a value among several', () => {
    expect([is('Red', 'one-of', 'blue, red'), is('12', 'one-of', '1, 12.0'), is('', 'one-of', 'a,,b')]).toEqual([
      ...[true, true, false],
    ]);
  });

  it('calls blank text and lists without entries empty', () => {
    for (const value of ['', ' ', '[]', '{}'])
      expect([is(value, 'empty'), is(value, 'not-empty')]).toEqual([true, false]);
    expect(is('0', 'empty')).toBe(false);
  });

  it('finds nothing neither greater nor less than anything', () => {
    for (const operator of ['greater', 'less', 'at-least', 'at-most'] as const)
      expect([is('', operator, '5'), is('5', operator, '')]).toEqual([false, false]);
  });

  it('says so when a number is compared with what is none', () => {
    expect(() => is('12 €', 'greater', '10')).toThrow(
      'Value: expected a number, as it is compared with one, received "12 €". Change it, or compare as text.',
    );
    expect(() => is('10', 'less', 'ten')).toThrow(
      'Compare with: expected a number, as it is compared with one, received "ten".',
    );
    expect(() => is('soon', 'less', '2026-01-01', { compareAs: 'date' })).toThrow(
      'Value: expected a date such as 2026-01-31',
    );
  });

  it('knows the opposite of everything', () => {
    const text = fc.oneof(fc.string(), fc.integer().map(String), fc.double({ noNaN: true }).map(String));
    fc.assert(
      fc.property(text, text, fc.boolean(), (value, other, ignoreCase) => {
        expect(is(value, 'equals', other, { ignoreCase })).toBe(!is(value, 'not-equals', other, { ignoreCase }));
        expect(is(value, 'equals', value)).toBe(true);
        expect(is(value, 'equals', other)).toBe(is(other, 'equals', value));
        expect(is(value, 'contains', other)).toBe(!is(value, 'not-contains', other));
      }),
    );
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        expect([is(`${a}`, 'greater', `${b}`), is(`${a}`, 'at-most', `${b}`)]).toEqual([a > b, a <= b]);
      }),
    );
  });
});

describe('formHolds', () => {
  const form: ConditionValues = {
    ...{ value: '5', operator: 'greater', other: '3', ...plain },
    ...{ also: 'none', value2: 'x', operator2: 'equals', other2: 'y' },
  };

  it('joins two conditions with and, or with or', () => {
    expect((['none', 'and', 'or'] as const).map((also) => formHolds({ ...form, also }))).toEqual([true, false, true]);
    expect(formHolds({ ...form, also: 'and', other2: 'x' })).toBe(true);
    expect(formHolds({ ...form, also: 'or', other: '9', other2: 'x' })).toBe(true);
  });

  it('does not ask the second where the first decides', () => {
    expect(formHolds({ ...form, also: 'or', value2: 'ten', operator2: 'less', other2: '3' })).toBe(true);
  });
});
