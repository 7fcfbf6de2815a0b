import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSharp } from './load-sharp.ts';
import { type ExifTexts, readExif } from './read-exif.ts';

const TEXTS: ExifTexts = {
  IFD0: { Make: 'Canon', Model: 'EOS', Artist: 'Ada', DateTime: '2026:01:02 03:04:05' },
  IFD2: {
    ExposureTime: '1/125',
    FNumber: '28/10',
    ISOSpeedRatings: '400',
    ExposureBiasValue: '-1/3',
    LensModel: 'EF 50',
  },
  IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 10/1 3000/100' },
};

async function written(texts: ExifTexts): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const image = sharp({ create: { width: 8, height: 8, channels: 3, background: '#888888' } });
  const { exif } = await sharp(await image.withExif(texts).jpeg().toBuffer()).metadata();
  return new Uint8Array(exif ?? []);
}

describe('readExif', () => {
  it('reads what the imaging library wrote, in the words it was asked to write', async () => {
    expect(readExif(await written(TEXTS))).toEqual(TEXTS);
  });

  it('reads numbers in the other byte order', () => {
    // Big-endian: one directory with one tag, the speed of the film, in a directory that the first one points to.
    const bytes = new Uint8Array([
      ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
      ...[0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0],
      ...[0, 1, 0x88, 0x27, 0, 3, 0, 0, 0, 1, 0x01, 0x90, 0, 0, 0, 0, 0, 0],
    ]);
    expect(readExif(bytes)).toEqual({ IFD2: { ISOSpeedRatings: '400' } });
  });

  it('makes the best of broken bytes: it never throws, and gives no text that is not in them', async () => {
    const whole = await written(TEXTS);
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        (length, changes) => {
          const bytes = whole.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          for (const texts of Object.values(readExif(bytes)))
            for (const text of Object.values(texts)) expect(text).not.toBe('');
        },
      ),
      { numRuns: 500 },
    );
  });
});
