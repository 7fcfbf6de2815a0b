import { readFile } from 'node:fs/promises';
import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';
import { afterAll, describe, expect, it } from 'vitest';
import { compare } from './compare.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

async function compared(before: Uint8Array, after: Uint8Array, size: 'smaller' | 'larger' = 'smaller') {
  const input = {
    before: await files.write(before, { name: 'before.png' }),
    after: await files.write(after, { name: 'after.png' }),
  };
  const { outputs } = await testNode(compare).params({ size }).items([{ input }]).files(files).run();
  const [both, apart] = [outputs.sideBySide?.[0], outputs.difference?.[0]];
  return { both: both?.value as FileRef, apart: apart?.value as FileRef, numbers: both?.fields.compare };
}

describe('upscaler.compare', () => {
  it('finds a picture equal to itself, and shows both and no difference', async () => {
    const { both, apart, numbers } = await compared(samplePng(40, 30), samplePng(40, 30));
    expect(numbers).toMatchObject({ width: 40, height: 30, psnr: null, ssim: 1 });
    expect(both).toMatchObject({ name: 'after-compared.png', width: 80, height: 30 });
    const { data } = await (await loadSharp())(await readFile(await files.path(apart)))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data.every((value) => value === 0)).toBe(true);
  });

  it('compares pictures of different sizes in that of the smaller or the larger one', async () => {
    const sharp = await loadSharp();
    const large = await sharp(samplePng(40, 30)).resize(160, 120).png().toBuffer();
    expect((await compared(samplePng(40, 30), large)).numbers).toMatchObject({ width: 40, height: 30 });
    const soft = await sharp(large).blur(4).png().toBuffer();
    const { numbers } = await compared(soft, large, 'larger');
    expect(numbers).toMatchObject({ width: 160, height: 120 });
    const { sharpness, psnr } = numbers as { sharpness: { before: number; after: number }; psnr: number };
    expect(sharpness.before).toBeLessThan(sharpness.after);
    expect(psnr).toBeLessThan(40);
  });

  it('takes pictures in shades of grey, with transparency and with 16 bits', async () => {
    const sharp = await loadSharp();
    const sample = () => sharp(samplePng(40, 30));
    for (const other of [sample().toColourspace('b-w'), sample().ensureAlpha(0.5), sample().toColourspace('rgb16')])
      expect((await compared(samplePng(40, 30), await other.png().toBuffer())).numbers).toMatchObject({ width: 40 });
  });

  it('refuses pictures of different shapes, with their sizes', async () => {
    await expect(compared(samplePng(40, 30), samplePng(30, 40))).rejects.toThrow(
      'before.png has 40 x 30 pixels and after.png 30 x 40: pictures of one shape can be compared, and these are not. Crop one of them.',
    );
  });
});
