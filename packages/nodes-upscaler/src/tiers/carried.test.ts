import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef, JsonObject } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { exifTexts, loadSharp, openPicture } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { free } from './free.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator>Ada</dc:creator><exif:GPSLatitude>6,10S</exif:GPSLatitude></x:xmpmeta>';

async function doubled(image: FileRef, params: JsonObject) {
  const outcome = await testNode(free)
    .params(params)
    .items([{ input: { image } }])
    .files(files)
    .run();
  const file = outcome.outputs.image?.[0]?.value as FileRef;
  const path = await files.path(file);
  return {
    file,
    path,
    logs: outcome.logs.map(({ message }) => message),
    meta: await (await loadSharp())(path).metadata(),
  };
}

/** A photo with all that a camera and a person write into it. */
async function photo(): Promise<FileRef> {
  const sharp = await loadSharp();
  const image = sharp(samplePng(40, 30))
    .withExif({
      IFD0: { Make: 'Canon', Artist: 'Ada' },
      IFD2: { ExposureTime: '1/125' },
      IFD3: { GPSLatitudeRef: 'S', GPSLatitude: '6/1 10/1 0/1' },
    })
    .withXmp(XMP)
    .withDensity(240);
  return files.write(await image.jpeg().toBuffer(), { name: 'photo.jpg' });
}

describe('what a result carries of its source', () => {
  it('has no data about the photo unless a person asks for it, and says so', async () => {
    const { meta, logs } = await doubled(await photo(), {});
    expect(meta.xmp).toBeUndefined();
    expect(meta.density).toBe(240);
    const text = meta.exif?.toString('latin1') ?? '';
    expect(text).not.toContain('Canon');
    expect(logs.join()).toContain('The data about the photo in photo.jpg (EXIF, XMP) are not in the result.');
  });

  it.each(['jpeg', 'png', 'webp', 'avif', 'tiff'])(
    'keeps it in %s, without the place or with it, as a person chooses',
    async (format) => {
      for (const metadata of ['without-place', 'all']) {
        const { file } = await doubled(await photo(), { metadata, format });
        const { carries } = await openPicture(files, file);
        const exif = exifTexts(carries.exif?.tags ?? {});
        const xmp = Buffer.from(carries.xmp ?? []).toString();
        expect(exif.IFD0?.Make).toBe('Canon');
        expect(xmp).toContain('Ada');
        expect(exif.IFD3 !== undefined).toBe(metadata === 'all');
        expect(xmp.includes('GPSLatitude')).toBe(metadata === 'all');
      }
    },
  );

  it('converts a picture with a profile to sRGB, or keeps its values and its profile, in 8 bits and in 16', async () => {
    const sharp = await loadSharp();
    const grey = { width: 24, height: 20, channels: 3 } as const;
    for (const deep of [false, true]) {
      const shown = [200, 60, 40];
      const values = Uint8Array.from({ length: 24 * 20 * 3 }, (_, at) => shown[at % 3] ?? 0);
      const wide = await sharp(values, { raw: grey }).withIccProfile('p3').png().toBuffer();
      const stored = await sharp(wide, { ignoreIcc: true }).raw().toBuffer();
      const many = Uint16Array.from(stored, (value) => value * 257);
      // With 16 bits, values that are given are taken as Display P3 already.
      const deeper = sharp(many, { raw: grey }).toColourspace('rgb16').withIccProfile('p3').png();
      const image = await files.write(deep ? await deeper.toBuffer() : wide, { name: 'wide.png' });
      const centre = async (path: string) => {
        const { data } = await sharp(path, { ignoreIcc: true })
          .extract({ left: 20, top: 20, width: 1, height: 1 })
          .toColourspace('srgb')
          .raw()
          .toBuffer({ resolveWithObject: true });
        return [...data.subarray(0, 3)];
      };
      const own = await doubled(image, { colours: 'own' });
      const converted = await doubled(image, {});
      expect([own.meta.icc?.length, converted.meta.icc]).toEqual([480, undefined]);
      for (const [index, value] of (await centre(own.path)).entries())
        expect(Math.abs(value - (stored[index] ?? 0))).toBeLessThan(4);
      for (const [index, value] of (await centre(converted.path)).entries())
        expect(Math.abs(value - (shown[index] ?? 0))).toBeLessThan(4);
    }
  });

  it('says when there is no profile to keep', async () => {
    const image = await files.write(samplePng(8, 8), { name: 'plain.png' });
    expect((await doubled(image, { colours: 'own' })).logs.join()).toContain('plain.png has no colour profile');
  });
});

describe.skipIf(!realImages)(`what a result carries of a real photo${whySkipped}`, () => {
  it('keeps the words of its author where a format holds them, and leaves out the place among them', async () => {
    const bytes = await readFile(join(realImages ?? '', 'format/iptc.jpg'));
    const image = await files.write(bytes, { name: 'holiday.jpg' });
    const iptcOf = async (metadata: string, format = 'jpeg') => {
      const { carries } = await openPicture(files, (await doubled(image, { metadata, format })).file);
      return carries.iptc && Buffer.from(carries.iptc).toString('latin1');
    };
    for (const format of ['png', 'tiff']) expect(await iptcOf('all', format)).toContain('Budapest');
    const { logs } = await doubled(image, { metadata: 'all', format: 'webp' });
    expect(logs).toContain('WebP holds no IPTC data: those of holiday.jpg are not in the result.');
    expect(await iptcOf('all')).toContain('Budapest');
    const without = await iptcOf('without-place');
    expect(without).toContain('holiday');
    // The country is a keyword too, and stays as one.
    expect(without?.match(/Budapest|Hungary/g)?.length).toBeLessThan(
      (await iptcOf('all'))?.match(/Budapest|Hungary/g)?.length ?? 0,
    );
    expect(await iptcOf('strip')).toBeUndefined();
  });
});
