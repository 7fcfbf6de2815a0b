import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseName, FORMAT_TRAITS, formatOfName, PICTURE_FORMATS } from './format.ts';

describe('baseName', () => {
  it.each([
    ['me.photo.PNG', 'me.photo'],
    ['me', 'me'],
    ['.png', '.png'],
    ['v1.2 final draft', 'v1.2 final draft'],
  ])('makes of %s: %s', (name, expected) => expect(baseName(name)).toBe(expected));

  it('takes back the extension of every format, whatever stands before it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.constantFrom(...PICTURE_FORMATS), (name, format) => {
        // A line break right before the dot is no character that a name has.
        fc.pre(!/[\n\r\u2028\u2029]$/.test(name));
        expect(baseName(`${name}.${FORMAT_TRAITS[format].extension}`)).toBe(name);
      }),
    );
  });
});

describe('formatOfName', () => {
  it('keeps what can be written and makes a PNG of the rest', () => {
    expect(['jpeg', 'heif', 'gif', 'svg'].map(formatOfName)).toEqual(['jpeg', 'avif', 'png', 'png']);
  });
});
