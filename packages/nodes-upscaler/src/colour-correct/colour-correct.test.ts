import { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { psnr } from '../compare/likeness.ts';
import { enhanced, photo, pixelsOf } from '../testing/enhanced.ts';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { colourCorrect } from './colour-correct.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const NOTHING = { levels: 0, whiteBalance: 0 };

async function flat(red: number, green: number, blue: number): Promise<Buffer> {
  return (await loadSharp())({
    create: { width: 8, height: 8, channels: 3, background: { r: red, g: green, b: blue } },
  })
    .png()
    .toBuffer();
}

async function colourOf(bytes: Uint8Array): Promise<number[]> {
  return [...(await pixelsOf(bytes)).data.subarray(0, 3)];
}

describe('upscaler.colour-correct', () => {
  it('changes nothing when nothing is asked for', async () => {
    const bytes = await (await loadSharp())({ create: { width: 256, height: 4, channels: 3, background: '#000' } })
      .png()
      .toBuffer();
    const ramp = Uint8Array.from({ length: 256 * 3 }, (_, at) => Math.floor(at / 3));
    const source = await (await loadSharp())(ramp, { raw: { width: 256, height: 1, channels: 3 } })
      .png()
      .toBuffer();
    for (const one of [bytes, source])
      expect(
        psnr(await pixelsOf(one), await pixelsOf((await enhanced(files, colourCorrect, one, NOTHING)).bytes)),
      ).toBe(Number.POSITIVE_INFINITY);
  });

  it('counts exposure in stops of light', async () => {
    const { bytes } = await enhanced(files, colourCorrect, await flat(100, 100, 100), { ...NOTHING, exposure: 1 });
    // Twice the light of 100 of 255 is 138: (0.1274 * 2) in sRGB.
    for (const value of await colourOf(bytes)) expect(Math.abs(value - 138)).toBeLessThanOrEqual(1);
  });

  it('takes out colours, and makes them warmer', async () => {
    const grey = await enhanced(files, colourCorrect, await flat(200, 100, 50), { ...NOTHING, saturation: -100 });
    const [red, green, blue] = await colourOf(grey.bytes);
    expect([green, blue]).toEqual([red, red]);
    const warm = await colourOf(
      (await enhanced(files, colourCorrect, await flat(120, 120, 120), { ...NOTHING, temperature: 50 })).bytes,
    );
    expect((warm[0] ?? 0) - (warm[2] ?? 0)).toBeGreaterThan(10);
  });

  it.skipIf(!realImages)(`takes out most of a cast of colour, and of a veil of grey${whySkipped}`, async () => {
    const sharp = await loadSharp();
    const source = await photo('rocket.jpg', 60, 40, 320, 240);
    const wanted = await pixelsOf(
      (await enhanced(files, colourCorrect, source, { levels: 100, whiteBalance: 100 })).bytes,
    );
    const cast = await sharp(source).linear([0.75, 0.95, 0.6], [10, 12, 8]).png().toBuffer();
    const mended = await pixelsOf(
      (await enhanced(files, colourCorrect, cast, { levels: 100, whiteBalance: 100 })).bytes,
    );
    expect(psnr(wanted, mended) - psnr(wanted, await pixelsOf(cast))).toBeGreaterThan(4);
  });

  it('keeps transparency, grey and 16 bits', async () => {
    const sharp = await loadSharp();
    const values = Uint16Array.from({ length: 300 * 8 * 3 }, (_, at) => 20_000 + 20 * Math.floor(at / 3));
    const grey = await sharp(values, { raw: { width: 300, height: 8, channels: 3 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    const { file } = await enhanced(files, colourCorrect, grey, { contrast: 20, temperature: 100 });
    expect(await openPicture(files, file)).toMatchObject({ grey: true, deep: true });
    const clear = await sharp(await flat(100, 120, 140))
      .ensureAlpha(0.5)
      .png()
      .toBuffer();
    const { bytes } = await enhanced(files, colourCorrect, clear, { exposure: 0.5 });
    expect((await sharp(bytes).stats()).channels[3]?.mean).toBe((await sharp(clear).stats()).channels[3]?.mean);
  });
});
