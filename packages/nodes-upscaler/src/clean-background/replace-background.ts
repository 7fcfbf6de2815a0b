import type { Planes } from '../inference/network.ts';
import { at, type Background, distance, type Sample } from './find-background.ts';

/** What a background is replaced by, and how. */
export interface Replacement {
  background: Background;
  /** The size of the sample in which it was found. */
  sample: Pick<Sample, 'width' | 'height'>;
  /** The height of the picture, in pixels. */
  height: number;
  /** Colours so far from the background are all background; from 0 to 1. */
  tolerance: number;
  /** Over so much more distance the background fades out. */
  softness: number;
  /** Red, green and blue from 0 to 1; transparency when it is left out. */
  colour?: readonly [number, number, number] | undefined;
}

/** How much of each pixel of a band is background, from 0 to 1. */
export function backgroundShare(band: Planes, top: number, wish: Replacement): Float32Array {
  const { data, width, height } = band;
  const size = width * height;
  const { background, sample, tolerance, softness } = wish;
  const shares = new Float32Array(size);
  for (let row = 0; row < height; row++) {
    const y = Math.min(1, Math.max(0, (top + row + 0.5) / wish.height));
    const line = Math.min(sample.height - 1, Math.floor(y * sample.height)) * sample.width;
    for (let column = 0, pixel = row * width; column < width; column++, pixel++) {
      const x = (column + 0.5) / width;
      if (background.reach[line + Math.floor(x * sample.width)] === 0) continue;
      const [red, green, blue] = [
        data[pixel] as number,
        data[pixel + size] as number,
        data[pixel + 2 * size] as number,
      ]; // Three planes.
      const beyond = (distance(background.backdrop, x, y, red, green, blue) - tolerance) / softness;
      if (beyond >= 1) continue;
      shares[pixel] = beyond <= 0 ? 1 : 1 - beyond * beyond * (3 - 2 * beyond);
    }
  }
  return shares;
}

/**
 * Takes the background's share out of each pixel, and puts in that of the new colour. A pixel at an outline is a mixture of both; what the
 * old background lent it goes with it, so that no fringe stays.
 */
export function replaceBackground(band: Planes, top: number, wish: Replacement): Planes {
  const { data, width, height } = band;
  const size = width * height;
  const shares = backgroundShare(band, top, wish);
  const result = data.slice();
  for (let pixel = 0; pixel < size; pixel++) {
    const share = shares[pixel] as number; // One size.
    if (share === 0) continue;
    const y = Math.min(1, Math.max(0, (top + Math.floor(pixel / width) + 0.5) / wish.height));
    const x = ((pixel % width) + 0.5) / width;
    for (const [channel, slope] of wish.background.backdrop.entries()) {
      const value = data[channel * size + pixel] as number;
      const lent = share * at(slope, x, y);
      const own = Math.max(0, value - lent);
      if (wish.colour) result[channel * size + pixel] = own + share * (wish.colour[channel] ?? 0);
      // What is hardly there has no colour that could be told.
      else if (share < 0.95) result[channel * size + pixel] = Math.min(1, own / (1 - share));
    }
  }
  return { data: result, width, height };
}
