import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ExifTexts, exifTexts } from './exif-texts.ts';
import { loadSharp } from './load-sharp.ts';
import { exifOf } from './read-exif.ts';

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

/** What can be read, in words. */
const textsIn = (bytes: Uint8Array) => exifTexts(exifOf(bytes).tags);

describe('EXIF data', () => {
  it('are read as the imaging library wrote them, in the words it was asked to write', async () => {
    const bytes = await written(TEXTS);
    expect(textsIn(bytes)).toEqual(TEXTS);
    expect(exifOf(bytes)).toMatchObject({ damaged: false, density: undefined });
  });

  it('are read in the other byte order', () => {
    // Big-endian: one directory with one tag, the speed of the film, in a directory that the first one points to.
    const bytes = new Uint8Array([
      ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
      ...[0, 1, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0],
      ...[0, 1, 0x88, 0x27, 0, 3, 0, 0, 0, 1, 0x01, 0x90, 0, 0, 0, 0, 0, 0],
    ]);
    expect(textsIn(bytes)).toEqual({ IFD2: { ISOSpeedRatings: '400' } });
  });

  it('that are broken are read as far as it goes: nothing throws, and no text is empty', async () => {
    const whole = await written(TEXTS);
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        (length, changes) => {
          const bytes = whole.slice(0, length);
          for (const [at, value] of changes) if (at < length) bytes[at] = value;
          for (const texts of Object.values(textsIn(bytes)))
            for (const text of Object.values(texts)) expect(text).not.toBe('');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that lead in circles, far away or to a thousand tags are said to be damaged', () => {
    const header = [0x49, 0x49, 42, 0, 8, 0, 0, 0];
    const pointer = (at: number) => [0x69, 0x87, 4, 0, 1, 0, 0, 0, at, 0, 0, 0];
    const make = (kind: number, ...rest: number[]) => [0x0f, 0x01, kind, 0, ...rest];
    const end = [0, 0, 0, 0];
    const circle = [...header, 2, 0, ...make(2, 3, 0, 0, 0, 0x68, 0x69, 0, 0), ...pointer(8), ...end];
    expect(exifOf(new Uint8Array(circle))).toMatchObject({ tags: { IFD0: [{ number: 271 }] } });
    expect(textsIn(new Uint8Array(circle))).toEqual({ IFD0: { Make: 'hi' } });
    for (const broken of [
      [...header, 1, 0, ...pointer(200), ...end],
      [...header, 1, 0, ...make(2, 255, 255, 255, 255, 8, 0, 0, 0), ...end],
      [...header, 1, 0, ...make(2, 9, 0, 0, 0, 255, 255, 255, 255), ...end],
      [...header, 1, 0, ...make(99, 1, 0, 0, 0, 0, 0, 0, 0), ...end],
      [...header, 255, 255, ...end],
      header,
      [1, 2, 3],
    ])
      expect(exifOf(new Uint8Array(broken))).toMatchObject({ tags: {}, damaged: true });
  });
});
