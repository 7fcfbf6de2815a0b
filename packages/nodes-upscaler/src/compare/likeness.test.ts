import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, type Pixels, psnr, sharpness, ssim } from './likeness.ts';

const pixels = (width: number, height: number, value: (index: number) => number): Pixels => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, index) => value(index)),
  width,
  height,
});
const noise = (seed: number) => (index: number) => Math.imul(index + seed, 0x9e3779b1) >>> 24;
const side = fc.integer({ min: 1, max: 24 });

describe('likeness', () => {
  it('is perfect for a picture and itself', () => {
    fc.assert(
      fc.property(side, side, fc.nat(1e6), (width, height, seed) => {
        const picture = pixels(width, height, noise(seed));
        expect(psnr(picture, picture)).toBe(Number.POSITIVE_INFINITY);
        expect(ssim(picture, picture)).toBeCloseTo(1, 5);
        expect(difference(picture, picture).data.every((value) => value === 0)).toBe(true);
      }),
    );
  });

  it('is the same both ways, and less the more is changed', () => {
    const picture = pixels(20, 16, noise(1));
    const changed = (by: number) =>
      pixels(20, 16, (index) => Math.min(255, noise(1)(index) + (index % 7 === 0 ? by : 0)));
    expect(ssim(picture, changed(40))).toBeCloseTo(ssim(changed(40), picture), 6);
    expect(psnr(picture, changed(10))).toBeGreaterThan(psnr(picture, changed(40)));
    expect(ssim(picture, changed(10))).toBeGreaterThan(ssim(picture, changed(40)));
  });

  it('has the values that follow from the formula', () => {
    const grey = (value: number) => pixels(8, 8, () => value);
    expect(psnr(grey(100), grey(110))).toBeCloseTo(28.13, 2);
    const c1 = (0.01 * 255) ** 2;
    expect(ssim(grey(100), grey(110))).toBeCloseTo((2 * 100 * 110 + c1) / (100 ** 2 + 110 ** 2 + c1), 4);
    expect(difference(grey(100), grey(110)).data[0]).toBe(80);
  });
});

describe('sharpness', () => {
  it('is nothing where all is of one colour, and most for a chessboard', () => {
    expect(sharpness(pixels(6, 6, () => 90))).toBe(0);
    expect(sharpness(pixels(1, 1, () => 90))).toBe(0);
    const board = pixels(6, 6, (index) => (((Math.floor(index / 3) % 6) + Math.floor(index / 18)) % 2 === 0 ? 0 : 255));
    expect(sharpness(board)).toBeCloseTo(255, 3);
  });
});
