import { boxMean } from '../enhance/box.ts';
import type { Planes } from '../inference/network.ts';

/** How far around a pixel brightness and colour are looked at. Colour noise is coarser, and eyes see less of colour. */
export const LUMA_REACH_PX = 3;
export const COLOUR_REACH_PX = 8;
/** Guided smoothing looks twice: at pixels, and at what was found for them. */
export const DENOISE_REACH_PX = 2 * COLOUR_REACH_PX;

/** How strong noise is taken to be, as standard deviations from 0 to 1. */
export interface NoiseStrength {
  luma: number;
  colour: number;
}

/**
 * Takes noise out and leaves edges: what varies no more than the noise becomes the mean of its surroundings, and what varies more stays.
 * Brightness and colour are smoothed apart. (Guided filter, each guided by itself: He, Sun and Tang 2010.)
 */
export function smoothNoise({ data, width, height }: Planes, { luma, colour }: NoiseStrength): Planes {
  const size = width * height;
  const [red, green, blue] = [0, 1, 2].map((index) => data.subarray(index * size, (index + 1) * size));
  if (!red || !green || !blue) throw new Error('A picture has three planes.');
  const brightness = new Float32Array(size);
  for (let at = 0; at < size; at++)
    brightness[at] = 0.299 * (red[at] as number) + 0.587 * (green[at] as number) + 0.114 * (blue[at] as number); // One size.
  const smooth = luma > 0 ? smoothed(brightness, width, LUMA_REACH_PX, luma ** 2) : brightness;
  const result = new Float32Array(data.length);
  for (const [index, plane] of [red, green, blue].entries()) {
    // A colour is how far it is from the brightness: what is grey has none.
    const tint = plane.map((value, at) => value - (brightness[at] as number));
    const clean = colour > 0 ? smoothed(tint, width, COLOUR_REACH_PX, colour ** 2) : tint;
    for (let at = 0; at < size; at++) result[index * size + at] = (smooth[at] as number) + (clean[at] as number);
  }
  return { data: result, width, height };
}

/** Each value becomes a mixture of itself and the mean around it: the less its surroundings vary, the more of that. */
function smoothed(values: Float32Array, width: number, reach: number, noise: number): Float32Array {
  const around = boxMean(values, width, reach);
  const squares = boxMean(
    values.map((value) => value * value),
    width,
    reach,
  );
  const own = new Float32Array(values.length);
  const rest = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const mean = around[at] as number; // One size, as all below.
    const varies = Math.max(0, (squares[at] as number) - mean * mean);
    const share = varies / (varies + noise);
    own[at] = share;
    rest[at] = (1 - share) * mean;
  }
  const [meanOwn, meanRest] = [boxMean(own, width, reach), boxMean(rest, width, reach)];
  return values.map((value, at) => (meanOwn[at] as number) * value + (meanRest[at] as number));
}
