import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { enhanced, pixelsOf, withNoise } from '../testing/enhanced.ts';
import { cleanBackground } from './clean-background.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A red disc with a hole, on a noisy backdrop that is lighter on the left. */
async function product(width = 160, height = 120): Promise<Buffer> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const far = Math.hypot(x - width / 2, y - height / 2);
    const isDisc = far < 40 && far > 10;
    const backdrop = 215 - Math.round((30 * x) / width);
    return isDisc ? ([180, 30, 40][at % 3] ?? 0) : backdrop;
  });
  const sharp = (await loadSharp())(data, { raw: { width, height, channels: 3 } });
  return withNoise(await sharp.blur(0.8).png().toBuffer(), 3);
}

describe('upscaler.clean-background', () => {
  it('makes an uneven, noisy backdrop pure white, and leaves the subject and what it encloses', async () => {
    const source = await product();
    const { bytes, fields } = await enhanced(files, cleanBackground, source);
    const [before, { data, width, height }] = [await pixelsOf(source), await pixelsOf(bytes)];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = (y * width + x) * 3;
        const far = Math.hypot(x - width / 2, y - height / 2);
        if (far > 44) expect([...data.subarray(at, at + 3)]).toEqual([255, 255, 255]);
        // Inside the hole the backdrop does not hang together with the edge.
        if ((far < 36 && far > 14) || far < 6)
          expect([...data.subarray(at, at + 3)]).toEqual([...before.data.subarray(at, at + 3)]);
      }
    expect(fields).toEqual({ background: 'cleaned' });
  });

  it('makes it transparent with a soft outline that has no fringe of the old backdrop', async () => {
    const { bytes, file } = await enhanced(files, cleanBackground, await product(), { to: 'transparent' });
    const { data, info } = await (await loadSharp())(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([file.name, info.channels]).toEqual(['photo-clean.png', 4]);
    expect(data[3]).toBe(0);
    expect(data[(60 * info.width + 55) * 4 + 3]).toBe(255);
    const outline = Array.from({ length: info.width }, (_, x) => (60 * info.width + x) * 4).filter((at) => {
      const alpha = data[at + 3] ?? 0;
      return alpha > 20 && alpha < 235;
    });
    expect(outline.length).toBeGreaterThan(0);
    // The red of the disc, and not the pink that it makes with the backdrop.
    for (const at of outline) expect((data[at] ?? 0) - (data[at + 1] ?? 0)).toBeGreaterThan(50);
  });

  it('writes a PNG of a JPEG that becomes transparent', async () => {
    const jpeg = await (await loadSharp())(await product())
      .jpeg({ quality: 92 })
      .toBuffer();
    expect((await enhanced(files, cleanBackground, jpeg, { to: 'transparent' }, 'photo.jpg')).file.mime).toBe(
      'image/png',
    );
  });

  it('leaves a picture without a flat background as it is, and says so', async () => {
    const { file, image, fields, logs } = await enhanced(files, cleanBackground, samplePng(64, 48), { tolerance: 5 });
    expect(file.id).toBe(image.id);
    expect(fields).toEqual({ background: 'none' });
    expect(logs[0]?.message).toContain('has no flat background');
  });
});
