import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../catalogue/catalogue.ts';
import { realImages, realModels, whySkipped } from '../testing/test-data.ts';
import { free } from './free.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

async function upscaled(
  image: FileRef,
  params: { model?: string; format?: 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff' } = {},
  modelsFolder = '/nonexistent',
) {
  const outcome = await testNode(free)
    .params(params)
    .items([{ input: { image }, fields: { product: 'Mug' } }])
    .files(files)
    .modelsFolder(modelsFolder)
    .run();
  const [item] = outcome.outputs.image ?? [];
  const file = item?.value as FileRef;
  const meta = await (await loadSharp())(await files.path(file)).metadata();
  return { file, meta, fields: item?.fields, logs: outcome.logs, progress: outcome.progress };
}

const sample = () => files.write(samplePng(31, 20), { name: 'me.photo.png' });

describe('upscaler.free', () => {
  it('doubles the picture by the network that comes with it, and says so in the log and in a field', async () => {
    const { file, meta, fields, logs } = await upscaled(await sample());
    expect(file).toMatchObject({ name: 'me.photo-2x.png', mime: 'image/png', width: 62, height: 40 });
    expect([meta.width, meta.height, meta.format]).toEqual([62, 40, 'png']);
    expect(fields).toEqual({ product: 'Mug', upscale: { scale: 2, models: ['imaginarium-x2'] } });
    expect(logs.map(({ level }) => level)).toEqual(['info', 'info']);
    expect(logs[0]?.message).toBe('Upscaled by the network Imaginarium 2x.');
  });

  it.each(['png', 'jpeg', 'webp', 'avif', 'tiff'] as const)('writes %s', async (format) => {
    const { file, meta } = await upscaled(await sample(), { format });
    expect(file.mime).toBe(`image/${format}`);
    expect([meta.width, meta.height, meta.format]).toEqual([62, 40, format === 'avif' ? 'heif' : format]);
  });

  it('has the network it would use as its fingerprint', async () => {
    const own = CATALOGUE.find(({ name }) => name === 'imaginarium-x2');
    expect(await free.fingerprint({ params: { model: 'auto' }, modelsFolder: '/nonexistent' })).toBe(own?.sha256);
    const missing = { params: { model: 'realesr-general-x4v3' }, modelsFolder: '/nonexistent' };
    expect(await free.fingerprint(missing)).toBe('unusable: realesr-general-x4v3');
  });

  it('refuses a picture whose result would be too large, with numbers, before any work', async () => {
    const sharp = await loadSharp();
    const wide = sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#888888' } });
    const image = await files.write(await wide.png({ compressionLevel: 1 }).toBuffer(), { name: 'wide.png' });
    await expect(upscaled(image)).rejects.toThrow(
      'wide.png has 9000 x 9000 pixels; 2 times that is 324 million, and at most 268 million are made. Make the picture smaller first, or choose that under Advanced.',
    );
  });

  it('refuses a WebP that would be longer than the format allows', async () => {
    const image = await files.write(samplePng(8200, 2), { name: 'long.png' });
    await expect(upscaled(image, { format: 'webp' })).rejects.toThrow(
      'format: WebP holds at most 16383 pixels a side, and the result has 16400 x 4. Choose PNG or TIFF.',
    );
  });

  it('says what is wrong with a broken picture', async () => {
    const broken = {
      ...(await files.write(samplePng().subarray(0, 300), { name: 'half.png' })),
      kind: 'image' as const,
    };
    await expect(upscaled(broken)).rejects.toThrow(
      'half.png cannot be read as a picture: it ends too early. Export it again.',
    );
  });
});

describe.skipIf(!realModels)(`upscaler.free with the test data${whySkipped}`, () => {
  const picture = async (path: string) =>
    files.write(await readFile(join(realImages ?? '', path)), { name: path.replace('/', '-') });

  it('takes the installed network that is named, and says which', async () => {
    const { file, fields, logs, progress } = await upscaled(
      await picture('derived/soft-alpha-127x63.png'),
      { model: 'realesr-general-x4v3' },
      realModels,
    );
    expect(file).toMatchObject({ width: 254, height: 126 });
    expect(fields).toMatchObject({ upscale: { scale: 2, models: ['realesr-general-x4v3'] } });
    expect(logs[0]?.message).toBe('Upscaled by the network Real-ESRGAN general v3.');
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const params = { model: 'realesr-general-x4v3' };
    expect(await free.fingerprint({ params, modelsFolder: realModels ?? '' })).toMatch(/^fea41d41/);
  });

  it.each([
    ['derived/one-pixel.png', 2, 2, 4, 'uchar'],
    ['derived/thin-600x7.png', 1200, 14, 3, 'uchar'],
    ['format/rgba16.png', 64, 64, 4, 'ushort'],
    ['format/gray16-interlaced.png', 64, 64, 1, 'ushort'],
    ['format/chessboard-gray-u16.tif', 400, 400, 1, 'ushort'],
    ['format/palette-trns.png', 64, 64, 4, 'uchar'],
    ['format/gray4-trns.png', 64, 64, 2, 'uchar'],
    ['format/animated-tiny.gif', 28, 50, 4, 'uchar'],
  ] as const)(
    'doubles %s exactly and keeps its depth and transparency',
    async (path, width, height, channels, depth) => {
      const { meta } = await upscaled(await picture(path), { model: 'realesr-animevideov3-x4' }, realModels);
      expect(meta).toMatchObject({ width, height, channels, depth });
    },
  );

  it('leaves out where a photo was taken', async () => {
    const image = await picture('derived/astronaut-exif-gps-orient6-300dpi.jpg');
    expect((await upscaled(image)).meta.exif?.length ?? 0).toBeLessThan(250);
    const sharp = await loadSharp();
    expect((await sharp(await files.path(image)).metadata()).exif?.length).toBeGreaterThan(250);
  });

  it('keeps dpi, turns the picture upright, and says that the data about the photo are left out', async () => {
    const image = await picture('derived/astronaut-exif-gps-orient6-300dpi.jpg');
    const { meta, logs } = await upscaled(image, { model: 'realesr-animevideov3-x4' }, realModels);
    expect(meta).toMatchObject({ width: 512, height: 512, density: 300 });
    expect(meta.orientation ?? 1).toBe(1);
    expect(logs.map(({ message }) => message).join()).toContain('(EXIF) are not in the result');
  });
});
