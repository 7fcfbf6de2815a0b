import { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { psnr, sharpness } from '../compare/likeness.ts';
import { enhanced, photo, pixelsOf } from '../testing/enhanced.ts';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { sharpen } from './sharpen.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A soft edge between two greys. */
async function edge(): Promise<Buffer> {
  const data = Uint8Array.from({ length: 80 * 20 * 3 }, (_, at) => (Math.floor(at / 3) % 80 < 40 ? 80 : 170));
  return (await loadSharp())(data, { raw: { width: 80, height: 20, channels: 3 } })
    .blur(2)
    .png()
    .toBuffer();
}

describe('upscaler.sharpen', () => {
  it('makes an edge steeper without a light or dark line beside it', async () => {
    const source = await edge();
    const steepest = ({ data, width }: { data: Uint8Array; width: number }) =>
      Math.max(
        ...Array.from(
          { length: width - 1 },
          (_, x) => (data[(10 * width + x + 1) * 3] ?? 0) - (data[(10 * width + x) * 3] ?? 0),
        ),
      );
    const before = await pixelsOf(source);
    const after = await pixelsOf((await enhanced(files, sharpen, source, { radius: 2, amount: 200, halos: 0 })).bytes);
    expect(steepest(after)).toBeGreaterThan(1.25 * steepest(before));
    expect(Math.max(...after.data)).toBeLessThanOrEqual(Math.max(...before.data));
    expect(Math.min(...after.data)).toBeGreaterThanOrEqual(Math.min(...before.data));
    const open = await pixelsOf((await enhanced(files, sharpen, source, { radius: 2, amount: 200, halos: 100 })).bytes);
    expect(Math.max(...open.data)).toBeGreaterThan(Math.max(...before.data) + 8);
  });

  it('leaves alone what is below the threshold', async () => {
    const flat = Uint8Array.from(
      { length: 40 * 40 * 3 },
      (_, at) => 128 + (Math.imul(Math.floor(at / 3), 0x9e3779b1) >>> 30),
    );
    const source = await (await loadSharp())(flat, { raw: { width: 40, height: 40, channels: 3 } })
      .png()
      .toBuffer();
    const { bytes } = await enhanced(files, sharpen, source, { amount: 300, threshold: 5 });
    expect(psnr(await pixelsOf(source), await pixelsOf(bytes))).toBe(Number.POSITIVE_INFINITY);
  });

  it.skipIf(!realImages)(`brings a softened photo nearer to what it was${whySkipped}`, async () => {
    const clear = await photo('coffee.png', 60, 40, 240, 200);
    const soft = await (await loadSharp())(clear).blur(1).png().toBuffer();
    const { bytes } = await enhanced(files, sharpen, soft, { radius: 1, amount: 120, threshold: 1 });
    const [wanted, before, after] = [await pixelsOf(clear), await pixelsOf(soft), await pixelsOf(bytes)];
    expect(sharpness(after)).toBeGreaterThan(1.15 * sharpness(before));
    expect(psnr(wanted, after) - psnr(wanted, before)).toBeGreaterThan(1);
  });

  it('takes a radius far larger than the picture', async () => {
    const { file } = await enhanced(files, sharpen, await edge(), { radius: 30, amount: 50 });
    expect(file).toMatchObject({ width: 80, height: 20, name: 'photo-sharpened.png' });
  });
});
