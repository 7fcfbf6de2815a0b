import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { aPicture, pixelsOf } from '../testing/pictures.ts';
import { resize } from './resize.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

type Params = { width?: number; height?: number; fit?: 'cover' | 'contain'; background?: string };

const run = async (image: Awaited<ReturnType<typeof aPicture>>, params: Params) => {
  const { outputs, logs } = await testNode(resize)
    .params(params)
    .items([{ input: { image } }])
    .files(files)
    .run();
  const file = outputs.image?.[0]?.value;
  return { file, logs, pixels: await pixelsOf(files, file) };
};

const red = { r: 220, g: 30, b: 30 };
const blue = { r: 30, g: 30, b: 220 };

describe('processing.resize', () => {
  it('gives the asked size, the true numbers with it, and the format of the input', async () => {
    const { file, pixels } = await run(await aPicture(files, 'me.webp'), { width: 20, height: 10 });
    expect(file).toMatchObject({ name: 'me.webp', mime: 'image/webp', width: 20, height: 10 });
    expect(pixels).toMatchObject({ width: 20, height: 10, format: 'webp' });
  });

  it('fills what is left free with the background', async () => {
    const image = await aPicture(files, 'me.png', { width: 40, height: 20, left: red });
    const { pixels } = await run(image, { width: 40, height: 40, fit: 'contain', background: '#00ff00' });
    expect(pixels.at(20, 2)).toEqual([0, 255, 0]);
    expect(pixels.at(20, 20)).toEqual([220, 30, 30]);
  });

  it('turns a picture upright before it measures', async () => {
    const image = await aPicture(files, 'me.jpg', { width: 40, height: 20, left: red, right: blue, orientation: 6 });
    const { pixels } = await run(image, { width: 10, height: 0 });
    expect(pixels).toMatchObject({ width: 10, height: 20, orientation: 1 });
    expect(pixels.at(5, 2)[0]).toBeGreaterThan(180);
    expect(pixels.at(5, 17)[2]).toBeGreaterThan(180);
  });

  it('keeps transparency', async () => {
    const image = await aPicture(files, 'me.png', { left: { ...red, alpha: 0 }, right: { ...blue, alpha: 1 } });
    const { pixels } = await run(image, { width: 20, height: 0 });
    expect([pixels.at(2, 5)[3], pixels.at(17, 5)]).toEqual([0, [30, 30, 220, 255]]);
  });

  it('keeps 16 bits a channel', async () => {
    const sharp = await loadSharp();
    const deep = await sharp(new Uint16Array(12).fill(40_000), { raw: { width: 2, height: 2, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();
    const { pixels } = await run(await files.write(deep, { name: 'deep.png' }), { width: 8, height: 8 });
    expect(pixels).toMatchObject({ depth: 'ushort', width: 8 });
  });

  it('reads CMYK and writes sRGB', async () => {
    const sharp = await loadSharp();
    const cmyk = await sharp({ create: { width: 8, height: 8, channels: 3, background: red } })
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer();
    const { pixels } = await run(await files.write(cmyk, { name: 'print.jpg' }), { width: 4, height: 4 });
    const [r = 0, g = 0, b = 0] = pixels.at(1, 1);
    expect(pixels.channels).toBe(3);
    expect(r).toBeGreaterThan(2 * Math.max(g, b));
  });

  it('takes the first frame of an animation, and says so', async () => {
    const sharp = await loadSharp();
    const frame = (background: typeof red) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer();
    const gif = await sharp([await frame(red), await frame(blue)], { join: { animated: true } })
      .gif()
      .toBuffer();
    const { file, logs } = await run(await files.write(gif, { name: 'wave.gif' }), { width: 4, height: 4 });
    expect(file).toMatchObject({ name: 'wave.png', mime: 'image/png', height: 4 });
    expect(logs).toEqual([{ level: 'warn', message: 'wave.gif has 2 frames; only the first is used.' }]);
  });

  it('refuses a size of nothing, a size beyond the limit, and what is no picture', async () => {
    const image = await aPicture(files, 'me.png', { width: 10, height: 10 });
    await expect(run(image, { width: 0, height: 0 })).rejects.toThrow('width, height: expected at least one above 0');
    const thin = await aPicture(files, 'thin.png', { width: 2, height: 4000 });
    await expect(run(thin, { width: 16_384, height: 0 })).rejects.toThrow(
      'the result would have 16384 x 32768000 pixels',
    );
    const asImage = async (bytes: Uint8Array, name: string) => ({
      ...(await files.write(bytes, { name })),
      kind: 'image' as const,
    });
    await expect(run(await asImage(new TextEncoder().encode('hello'), 'text.png'), {})).rejects.toThrow(
      'text.png cannot be read as a picture: it is not a PNG, JPEG, WebP, AVIF, GIF or TIFF file.',
    );
    await expect(run(await asImage(new Uint8Array(), 'empty.png'), {})).rejects.toThrow('it is empty (0 bytes)');
    await expect(run(await asImage(samplePng().subarray(0, 300), 'half.png'), {})).rejects.toThrow(
      'half.png cannot be read as a picture: it ends too early',
    );
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    await expect(run(await asImage(new TextEncoder().encode(svg), 'x.svg'), {})).rejects.toThrow('it is not a PNG');
  });
});
