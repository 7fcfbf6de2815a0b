import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { exifTexts } from './exif-texts.ts';
import { loadSharp } from './load-sharp.ts';
import { putTiffData } from './put-tiff-data.ts';
import { exifOf } from './read-exif.ts';
import { anyExif, PHOTO, PHOTO_TEXTS } from './testing/tags.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const IPTC = Buffer.from('\x1c\x02\x50\x00\x03Ada', 'latin1');

async function written(bytes: Uint8Array): Promise<string> {
  const path = join(await files.folder(), `${Math.random()}.tiff`);
  await writeFile(path, bytes);
  return path;
}

/** One grey pixel in a file with the highest byte first, which the imaging library reads but does not write. */
function highestFirst(): Buffer {
  const tags = [
    [256, 3, 1, 1 << 16],
    [257, 3, 1, 1 << 16],
    [258, 3, 1, 8 << 16],
    [259, 3, 1, 1 << 16],
    [262, 3, 1, 1 << 16],
    [273, 4, 1, 8],
    [277, 3, 1, 1 << 16],
    [278, 3, 1, 1 << 16],
    [279, 4, 1, 1],
  ] as const;
  const file = Buffer.alloc(10 + 2 + tags.length * 12 + 4);
  file.write('MM\0*', 'latin1');
  file.writeUInt32BE(10, 4);
  file.writeUInt8(77, 8);
  file.writeUInt16BE(tags.length, 10);
  for (const [index, [number, kind, count, value]] of tags.entries()) {
    const at = 12 + index * 12;
    file.writeUInt16BE(number, at);
    file.writeUInt16BE(kind, at + 2);
    file.writeUInt32BE(count, at + 4);
    file.writeUInt32BE(value, at + 8);
  }
  return file;
}

/** EXIF data as another reader understands them: a JPEG takes the whole file for its EXIF data, and libexif writes what it read in it. */
async function readElsewhere(tiff: Buffer) {
  const sharp = await loadSharp();
  const jpeg = await sharp(samplePng(8, 8)).jpeg().toBuffer();
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  const whole = Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
  const again = await sharp(await sharp(whole).keepExif().jpeg().toBuffer()).metadata();
  return exifTexts(exifOf(again.exif ?? Buffer.alloc(0)).tags);
}

describe('putTiffData', () => {
  it('puts EXIF and IPTC data beside what the file had, and leaves the pixels where they are', async () => {
    const sharp = await loadSharp();
    for (const bigtiff of [false, true]) {
      const image = sharp(samplePng(40, 30)).withXmp('<x:xmpmeta/>').withIccProfile('p3').withDensity(240);
      const before = await image.tiff({ compression: 'deflate', predictor: 'horizontal', bigtiff }).toBuffer();
      const path = await written(before);
      await putTiffData(path, { exif: PHOTO, iptc: IPTC });
      const after = await readFile(path);
      const start = bigtiff ? 16 : 8;
      expect(after.subarray(start, before.length).equals(before.subarray(start))).toBe(true);
      const strict = sharp(after, { failOn: 'warning' });
      expect((await strict.clone().raw().toBuffer()).equals(await sharp(before).raw().toBuffer())).toBe(true);
      const [was, is] = [await sharp(before).metadata(), await strict.metadata()];
      expect(is).toEqual({ ...was, size: after.length, iptc: IPTC });
      expect([is.density, is.icc?.length, is.xmp?.toString()]).toEqual([240, 480, '<x:xmpmeta/>']);
    }
  });

  it('is read by others as it was written, whatever tags there are', async () => {
    const sharp = await loadSharp();
    const tiff = await sharp(samplePng(8, 8)).tiff().toBuffer();
    const path = await written(tiff);
    await fc.assert(
      fc.asyncProperty(anyExif, async (exif) => {
        await writeFile(path, tiff);
        await putTiffData(path, { exif });
        const bytes = await readFile(path);
        expect((await sharp(bytes, { failOn: 'warning' }).stats()).isOpaque).toBe(true);
        expect(await readElsewhere(bytes)).toEqual(exifTexts(exif));
      }),
      { numRuns: 25 },
    );
  });

  it('writes in the byte order of the file', async () => {
    const path = await written(highestFirst());
    await putTiffData(path, { exif: PHOTO, iptc: IPTC });
    const bytes = await readFile(path);
    const sharp = await loadSharp();
    const image = sharp(bytes, { failOn: 'warning' });
    expect([...(await image.clone().toColourspace('b-w').raw().toBuffer())]).toEqual([77]);
    expect((await image.metadata()).iptc).toEqual(IPTC);
    expect(await readElsewhere(bytes)).toEqual(PHOTO_TEXTS);
  });

  it('replaces what it put there before', async () => {
    const path = await written(highestFirst());
    await putTiffData(path, { exif: PHOTO, iptc: Buffer.from('\x1c\x02\x50\x00\x03Bob', 'latin1') });
    await putTiffData(path, { exif: { IFD0: PHOTO.IFD0 ?? [] }, iptc: IPTC });
    const bytes = await readFile(path);
    expect((await (await loadSharp())(bytes, { failOn: 'warning' }).metadata()).iptc).toEqual(IPTC);
    expect((await readElsewhere(bytes)).IFD0).toEqual(PHOTO_TEXTS.IFD0);
  });

  it('leaves a file alone that would grow beyond 4 GB, where offsets end', async () => {
    const path = await written(highestFirst());
    const file = await open(path, 'r+');
    await file.truncate(2 ** 32 - 100);
    await file.close();
    await putTiffData(path, { exif: PHOTO });
    expect((await stat(path)).size).toBe(2 ** 32 - 100);
  });
});
