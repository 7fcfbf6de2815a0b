import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { enhanced, photo } from '../testing/enhanced.ts';
import { realImages, whySkipped } from '../testing/test-data.ts';
import { cropSize, readShape, SHAPES } from './crop-size.ts';
import { smartCrop } from './smart-crop.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

interface Crop {
  left: number;
  top: number;
  width: number;
  height: number;
}

async function cropOf(bytes: Uint8Array, params: Record<string, string | number>) {
  const { file, fields } = await enhanced(files, smartCrop, bytes, params);
  return { file, crop: fields?.crop as unknown as Crop };
}

/** A bright patch with edges on a dull ground, at a place from 0 to 1. */
async function patch(width: number, height: number, x: number, y: number): Promise<Buffer> {
  const sharp = await loadSharp();
  const side = 40;
  const spot = await sharp(samplePng(side, side)).modulate({ saturation: 3 }).png().toBuffer();
  return sharp({ create: { width, height, channels: 3, background: '#777777' } })
    .composite([{ input: spot, left: Math.round(x * (width - side)), top: Math.round(y * (height - side)) }])
    .png()
    .toBuffer();
}

describe('upscaler.smart-crop', () => {
  it.each(['attention', 'entropy'])('keeps what there is to see, wherever it is (%s)', async (keep) => {
    for (const place of [0, 0.5, 1]) {
      const across = (await cropOf(await patch(400, 160, place, 0.5), { keep })).crop;
      expect([across.width, across.height]).toEqual([160, 160]);
      const left = place * 360;
      expect(across.left).toBeLessThanOrEqual(left + 8);
      expect(across.left + across.width).toBeGreaterThanOrEqual(left + 32);
      const down = (await cropOf(await patch(160, 400, 0.5, place), { keep, shape: '4:5' })).crop;
      expect(down.top).toBeLessThanOrEqual(place * 360 + 8);
      expect(down.top + down.height).toBeGreaterThanOrEqual(place * 360 + 32);
    }
  });

  it('cuts closer where it is asked to, on both sides', async () => {
    const { crop, file } = await cropOf(await patch(400, 300, 1, 1), { shape: '16:9', size: 50 });
    expect([crop.width, crop.height]).toEqual([200, 113]);
    expect([file.width, file.height]).toEqual([200, 113]);
    expect(crop.left).toBeGreaterThan(120);
    expect(crop.top).toBeGreaterThan(100);
  });

  it.skipIf(!realImages)(`keeps the face of the portrait${whySkipped}`, async () => {
    // In the photo of 512 x 512 the face lies at 178, 65 to 269, 176.
    const { crop } = await cropOf(await photo('astronaut.png', 0, 0, 512, 512), { shape: '9:16' });
    expect(crop.left).toBeLessThan(178);
    expect(crop.left + crop.width).toBeGreaterThan(269);
  });

  it('cuts the very pixels, upright and in their depth', async () => {
    const sharp = await loadSharp();
    const source = await sharp(samplePng(60, 40)).toColourspace('rgb16').png().toBuffer();
    const { crop, file } = await cropOf(source, { shape: '1:1', keep: 'centre' });
    expect(crop).toEqual({ left: 10, top: 0, width: 40, height: 40 });
    expect(await openPicture(files, file)).toMatchObject({ deep: true, width: 40, height: 40 });
    const pixels = (bytes: Uint8Array | string) => sharp(bytes).toColourspace('srgb').raw().toBuffer();
    const wanted = await sharp(source).extract(crop).png().toBuffer();
    expect(Buffer.compare(await pixels(await files.path(file)), await pixels(wanted))).toBe(0);
  });

  it('refuses what is no shape, in words', async () => {
    expect(readShape('5:7')).toEqual([5, 7]);
    for (const text of ['5', '5:0', 'a:b', '1:2:3', ''])
      expect(() => readShape(text)).toThrow('expected two numbers above 0');
    await expect(cropOf(samplePng(20, 20), { shape: 'custom', ratio: 'wide' })).rejects.toThrow('received "wide"');
  });
});

describe('cropSize', () => {
  it('gives pieces of the shape that fit, of which none could be larger', () => {
    const side = fc.integer({ min: 1, max: 20_000 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(...Object.values(SHAPES)), (width, height, shape) => {
        const size = cropSize({ width, height }, shape, 1);
        expect(size.width).toBeLessThanOrEqual(width);
        expect(size.height).toBeLessThanOrEqual(height);
        expect(size.width === width || size.height === height).toBe(true);
        const off = Math.abs(size.width / shape[0] - size.height / shape[1]);
        expect(off * Math.min(...shape)).toBeLessThan(1 + Math.max(...shape) / Math.min(...shape));
      }),
    );
  });
});
