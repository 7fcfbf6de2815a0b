import { TestFiles } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { psnr, sharpness } from '../compare/likeness.ts';
import { enhanced, photo, pixelsOf, withNoise } from '../testing/enhanced.ts';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { denoise } from './denoise.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

describe.skipIf(!realImages)(`upscaler.denoise on photos${whySkipped}`, () => {
  it.each([
    ['coffee.png', 12],
    ['chelsea.png', 12],
    ['astronaut.png', 20],
  ])('brings a noisy %s (sigma %i) more than 2 dB nearer to what it was', async (name, sigma) => {
    const clean = await photo(name, 60, 40, 240, 200);
    const noisy = await withNoise(clean, sigma);
    const { bytes } = await enhanced(files, denoise, noisy, { brightness: sigma * 4, colour: 60 });
    const wanted = await pixelsOf(clean);
    const before = psnr(wanted, await pixelsOf(noisy));
    expect(psnr(wanted, await pixelsOf(bytes)) - before).toBeGreaterThan(2);
  });

  it('leaves a clean picture nearly as it is, and at 0 exactly', async () => {
    const clean = await photo('coffee.png', 60, 40, 240, 200);
    const wanted = await pixelsOf(clean);
    const gentle = await pixelsOf((await enhanced(files, denoise, clean, { brightness: 15, colour: 15 })).bytes);
    expect(psnr(wanted, gentle)).toBeGreaterThan(38);
    expect(sharpness(gentle) / sharpness(wanted)).toBeGreaterThan(0.9);
    const nothing = await pixelsOf((await enhanced(files, denoise, clean, { brightness: 0, colour: 0 })).bytes);
    expect(psnr(wanted, nothing)).toBe(Number.POSITIVE_INFINITY);
  });
});
