import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { exifTexts } from './exif-texts.ts';
import { FORMAT_TRAITS, PICTURE_FORMATS } from './format.ts';
import { loadSharp } from './load-sharp.ts';
import { openPicture } from './open-picture.ts';
import { aText } from './testing/tags.ts';
import { refuseFormatSize, renderPicture, writePicture } from './write-picture.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const clear = async (background = { r: 255, g: 0, b: 0, alpha: 0 }) =>
  (await loadSharp())({ create: { width: 12, height: 8, channels: 4, background } });

describe('writePicture', () => {
  it.each(PICTURE_FORMATS)('writes %s, called as its source', async (format) => {
    const { mime, extension, alpha } = FORMAT_TRAITS[format];
    const file = await writePicture(files, await clear(), 'me.photo.PNG', { format, quality: 90, deep: false });
    expect(file).toMatchObject({ name: `me.photo.${extension}`, mime, width: 12, height: 8 });
    expect(await openPicture(files, file)).toMatchObject({ width: 12, height: 8, format, hasAlpha: alpha });
  });

  it('puts a suffix between the name and the extension', async () => {
    const writing = { format: 'webp', quality: 80, deep: false, suffix: '-2x' } as const;
    expect((await writePicture(files, await clear(), 'me.png', writing)).name).toBe('me-2x.webp');
  });

  it.each([
    [undefined, 255],
    ['#404040', 64],
  ])('fills what is transparent with %s where the format has no transparency', async (background, level) => {
    const writing = { format: 'jpeg', quality: 100, deep: false, background } as const;
    const file = await writePicture(files, await clear(), 'me.png', writing);
    const { dominant } = await (await loadSharp())(await files.path(file)).stats();
    // The dominant colour is the middle of a box of 16 levels.
    for (const channel of Object.values(dominant)) expect(Math.abs(channel - level)).toBeLessThanOrEqual(8);
  });

  it('keeps 16 bits a channel where the format can, and says nothing where it cannot', async () => {
    for (const format of PICTURE_FORMATS) {
      const file = await writePicture(files, await clear(), 'me.png', { format, quality: 90, deep: true });
      expect((await openPicture(files, file)).deep).toBe(FORMAT_TRAITS[format].deep);
    }
  });

  it('keeps shades of grey as such, in all their 16 bits, where the format can', async () => {
    const sharp = await loadSharp();
    for (const format of PICTURE_FORMATS) {
      const values = Uint16Array.from({ length: 12 * 8 * 3 }, (_, at) => 30_001 + Math.floor(at / 3));
      const image = sharp(values, { raw: { width: 12, height: 8, channels: 3 } });
      const writing = { format, quality: 90, deep: true, grey: true } as const;
      const file = await writePicture(files, image.toColourspace('rgb16'), 'me.png', writing);
      const { deep, grey } = FORMAT_TRAITS[format];
      expect(await openPicture(files, file)).toMatchObject({ grey, deep });
      if (!deep) continue;
      const { data } = await sharp(await files.path(file))
        .toColourspace('grey16')
        .raw({ depth: 'ushort' })
        .toBuffer({ resolveWithObject: true });
      expect(new Uint16Array(data.buffer, data.byteOffset, 3)).toEqual(new Uint16Array([30_001, 30_002, 30_003]));
    }
  });

  it('writes data about the photo beside the pixels', async () => {
    const photo = { exif: { IFD0: [aText(315, 'Ada')] }, xmp: '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>' };
    const writing = { format: 'jpeg', quality: 90, deep: false, density: 240, photo } as const;
    const file = await writePicture(files, await clear(), 'me.png', writing);
    const { carries, density, width } = await openPicture(files, file);
    expect(exifTexts(carries.exif?.tags ?? {})).toEqual({ IFD0: { Artist: 'Ada' } });
    expect(new TextDecoder().decode(carries.xmp)).toBe(photo.xmp);
    expect([density, width]).toEqual([240, 12]);
  });

  it('blames the source when its damage ends the writing', async () => {
    const bytes = samplePng(200, 200);
    const source = await files.write(bytes.slice(0, bytes.length - 200), { name: 'cut.png' });
    const image = (await openPicture(files, source)).open();
    const writing = { format: 'webp', quality: 80, deep: false, suffix: '-2x' } as const;
    await expect(writePicture(files, image, 'cut.png', writing)).rejects.toThrow('cut.png cannot be read as a picture');
  });
});

describe('renderPicture', () => {
  it('never writes two pictures of one name over one another', async () => {
    const folder = await files.folder();
    const writing = { format: 'png', quality: 100, deep: false } as const;
    const [first, second] = [
      await renderPicture(await clear(), folder, '../me.png', writing),
      await renderPicture(await clear(), folder, '../me.png', writing),
    ];
    expect(first.path).not.toBe(second.path);
    for (const { path, name } of [first, second]) {
      expect(path.startsWith(`${folder}/picture-`)).toBe(true);
      expect(name).toBe('../me.png');
    }
  });
});

describe('refuseFormatSize', () => {
  it('lets pass the longest side a format holds, and refuses one pixel more with a way out', () => {
    for (const format of PICTURE_FORMATS) {
      const { title, maxSide } = FORMAT_TRAITS[format];
      expect(() => refuseFormatSize(format, maxSide, 1)).not.toThrow();
      expect(() => refuseFormatSize(format, 1, maxSide + 1)).toThrow(
        `format: ${title} holds at most ${maxSide} pixels a side, and the result has 1 x ${maxSide + 1}. Choose PNG or TIFF.`,
      );
    }
  });
});
