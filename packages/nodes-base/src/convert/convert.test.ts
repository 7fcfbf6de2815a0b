import type { FileRef } from '@imaginarium/node-sdk';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { exifTexts, loadSharp, openPicture, PICTURE_FORMATS } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { aPicture, pixelsOf } from '../testing/pictures.ts';
import { convert } from './convert.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

describe('processing.convert', () => {
  it.each(PICTURE_FORMATS)('writes %s with its name, type and size', async (format) => {
    const image = await aPicture(files, 'me.photo.png');
    const { outputs } = await testNode(convert)
      .params({ format })
      .items([{ input: { image } }])
      .files(files)
      .run();
    const file = outputs.image?.[0]?.value;
    const extension = format === 'jpeg' ? 'jpg' : format;
    expect(file).toMatchObject({ name: `me.photo.${extension}`, mime: `image/${format}`, width: 40, height: 30 });
    const [r = 0, g = 0, b = 0] = (await pixelsOf(files, file)).at(20, 15);
    expect(Math.max(Math.abs(r - 200), Math.abs(g - 40), Math.abs(b - 40))).toBeLessThan(8);
  });

  it('puts a background under what is transparent when it writes JPEG', async () => {
    const image = await aPicture(files, 'me.png', { left: { r: 0, g: 0, b: 0, alpha: 0 } });
    const { outputs } = await testNode(convert)
      .params({ format: 'jpeg', background: '#00ff00' })
      .items([{ input: { image } }])
      .files(files)
      .run();
    const [r = 255, g = 0] = (await pixelsOf(files, outputs.image?.[0]?.value)).at(5, 5);
    expect([r < 5, g > 250]).toEqual([true, true]);
  });

  it('leaves out the data about a photo unless told to keep them, and turns it upright either way', async () => {
    const sharp = await loadSharp();
    const photo = await sharp({ create: { width: 8, height: 4, channels: 3, background: '#804020' } })
      .withExif({ IFD0: { Artist: 'Ada', Orientation: '6' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const image = await files.write(photo, { name: 'me.jpg' });
    const run = async (metadata: 'keep' | 'strip') => {
      const { outputs } = await testNode(convert)
        .params({ format: 'jpeg', metadata })
        .items([{ input: { image } }])
        .files(files)
        .run();
      return pixelsOf(files, outputs.image?.[0]?.value);
    };
    expect(await run('strip')).toMatchObject({ width: 4, height: 8, orientation: 1, hasExif: false });
    expect(await run('keep')).toMatchObject({ width: 4, height: 8, orientation: 1, hasExif: true });
  });

  it('keeps the data about a photo without the place where that is chosen, and says what is lost', async () => {
    const sharp = await loadSharp();
    const photo = await sharp({ create: { width: 8, height: 4, channels: 3, background: '#804020' } })
      .withExif({ IFD0: { Artist: 'Ada' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' } })
      .jpeg()
      .toBuffer();
    const image = await files.write(photo, { name: 'me.jpg' });
    const run = async (metadata: 'keep' | 'without-place') => {
      const { outputs, logs } = await testNode(convert)
        .params({ format: 'jpeg', metadata })
        .items([{ input: { image } }])
        .files(files)
        .run();
      const { carries } = await openPicture(files, outputs.image?.[0]?.value as FileRef);
      const { IFD0, IFD3 } = exifTexts(carries.exif?.tags ?? {});
      return { artist: IFD0?.Artist, hasPlace: IFD3 !== undefined, said: logs.map(({ message }) => message) };
    };
    expect(await run('keep')).toEqual({ artist: 'Ada', hasPlace: true, said: [] });
    const without = await run('without-place');
    expect(without).toMatchObject({ artist: 'Ada', hasPlace: false });
    expect(without.said).toContain('Where the photo was taken is left out, if me.jpg says it.');
  });

  it('keeps the data about a photo in a TIFF and out of one, with dots per inch', async () => {
    const sharp = await loadSharp();
    const photo = await sharp({ create: { width: 8, height: 4, channels: 3, background: '#804020' } })
      .withExif({ IFD0: { Artist: 'Ada' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' } })
      .withDensity(240)
      .jpeg()
      .toBuffer();
    let image = await files.write(photo, { name: 'me.jpg' });
    for (const format of ['tiff', 'webp', 'png', 'jpeg'] as const) {
      const { outputs } = await testNode(convert)
        .params({ format, metadata: 'keep' })
        .items([{ input: { image } }])
        .files(files)
        .run();
      image = outputs.image?.[0]?.value as FileRef;
      const { carries, density, format: is } = await openPicture(files, image);
      const { IFD0, IFD3 } = exifTexts(carries.exif?.tags ?? {});
      expect([is, IFD0?.Artist, IFD3?.GPSLatitude, density]).toEqual([format, 'Ada', '52/1 30/1 0/1', 240]);
    }
  });

  it('refuses a WebP beyond the sides of the format, before it decodes', async () => {
    const image = await aPicture(files, 'long.png', { width: 16_400, height: 2 });
    await expect(
      testNode(convert)
        .params({ format: 'webp' })
        .items([{ input: { image } }])
        .files(files)
        .run(),
    ).rejects.toThrow(
      'format: WebP holds at most 16383 pixels a side, and the result has 16400 x 2. Choose PNG or TIFF.',
    );
  });
});
