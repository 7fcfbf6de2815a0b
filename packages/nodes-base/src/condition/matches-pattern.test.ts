import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern } from './matches-pattern.ts';

describe('matchesPattern', () => {
  it('knows stars and question marks, and means everything else as it is', () => {
    const fits = (pattern: string) =>
      ['IMG_1.jpg', 'IMG_10.jpg', 'img.png', ''].map((text) => matchesPattern(text, pattern));
    expect(fits('IMG_*.jpg')).toEqual([true, true, false, false]);
    expect(fits('IMG_?.jpg')).toEqual([true, false, false, false]);
    expect(fits('*')).toEqual([true, true, true, true]);
    expect(fits('')).toEqual([false, false, false, true]);
    expect(fits('.*')).toEqual([false, false, false, false]);
    expect(matchesPattern('a🎈b', 'a?b')).toBe(true);
  });

  it('agrees with the regular expression of the same meaning', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(text, pattern, (subject, wanted) => {
        const expression = wanted.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matchesPattern(subject, wanted)).toBe(new RegExp(`^${expression}$`).test(subject));
      }),
    );
  });

  it('is done at once with what keeps regular expressions busy', () => {
    const started = performance.now();
    expect(matchesPattern('a'.repeat(20_000), `${'*a'.repeat(90)}*b`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
