import fc from 'fast-check';
import type { ExifTags } from '../exif-tags.ts';
import { BYTE, FRACTION, putNumber, SHORT, SIGNED_FRACTION, type Tag, TEXT } from '../tiff/shape.ts';

const UNITS: Record<number, number> = { [BYTE]: 1, [SHORT]: 2, [FRACTION]: 4, [SIGNED_FRACTION]: 4 };

/** A tag with whole numbers; a fraction takes two of them. */
export function aTag(number: number, kind: number, ...numbers: number[]): Tag {
  const unit = UNITS[kind] ?? 1;
  const bytes = Buffer.alloc(numbers.length * unit);
  for (const [index, value] of numbers.entries()) putNumber(bytes, index * unit, unit, value >>> 0);
  const isFraction = kind === FRACTION || kind === SIGNED_FRACTION;
  return { number, kind, count: isFraction ? numbers.length / 2 : numbers.length, bytes };
}

/** A tag with a text. */
export function aText(number: number, text: string): Tag {
  const bytes = Buffer.from(`${text}\0`);
  return { number, kind: TEXT, count: bytes.length, bytes };
}

/** What a camera and a person write: all kinds of values, short ones and long ones. */
export const PHOTO: ExifTags = {
  IFD0: [aText(271, 'Canon'), aText(306, '2026:01:02 03:04:05'), aText(315, 'Ada')],
  IFD2: [
    aTag(33_434, FRACTION, 1, 125),
    aTag(34_855, SHORT, 400),
    aTag(37_380, SIGNED_FRACTION, -1, 3),
    aText(42_036, 'EF 50'),
  ],
  IFD3: [aText(1, 'S'), aTag(2, FRACTION, 6, 1, 10, 1, 3000, 100)],
};

/** The same in words. */
export const PHOTO_TEXTS = {
  IFD0: { Make: 'Canon', DateTime: '2026:01:02 03:04:05', Artist: 'Ada' },
  IFD2: { ExposureTime: '1/125', ISOSpeedRatings: '400', ExposureBiasValue: '-1/3', LensModel: 'EF 50' },
  IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 10/1 3000/100' },
};

const letters = fc.stringMatching(/^[!-~]{1,40}$/);
const fraction = fc.tuple(fc.nat(2 ** 31 - 1), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
const fractions = (number: number, count: number) =>
  fc.array(fraction, { minLength: count, maxLength: count }).map((pairs) => aTag(number, FRACTION, ...pairs.flat()));

/** Any part of what cameras write. */
export const anyExif: fc.Arbitrary<ExifTags> = fc.record(
  {
    IFD0: fc.subarray([270, 271, 272, 305, 315, 33_432], { minLength: 1 }).chain((numbers) => texts(numbers)),
    IFD2: fc
      .tuple(fractions(33_434, 1), fractions(33_437, 1), fractions(42_034, 4), shorts(34_850), texts([42_035, 42_036]))
      .map(([first, second, lens, program, names]) => [first, second, lens, program, ...names]),
    IFD3: fc
      .tuple(fractions(2, 3), fractions(6, 1), texts([18]))
      .map(([where, height, map]) => [where, height, ...map]),
  },
  { requiredKeys: [] },
);

function shorts(number: number): fc.Arbitrary<Tag> {
  return fc.nat(65_535).map((value) => aTag(number, SHORT, value));
}

function texts(numbers: readonly number[]): fc.Arbitrary<Tag[]> {
  return fc.tuple(...numbers.map((number) => letters.map((text) => aText(number, text))));
}
