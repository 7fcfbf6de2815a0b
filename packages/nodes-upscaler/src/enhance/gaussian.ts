import { boxMean } from './box.ts';

/** From here on three boxes stand in for a Gaussian: nobody sees the difference, and they take as long for any size. */
const WIDE_SIGMA = 4;

/**
 * Smooths values by a Gaussian, along rows and then along columns. Beyond the edge, values go on as at the edge.
 * @param sigma in values, above 0. It reaches three times as far.
 */
export function gaussian(values: Float32Array, width: number, sigma: number): Float32Array {
  if (sigma > WIDE_SIGMA) {
    const reach = Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2);
    return boxMean(boxMean(boxMean(values, width, reach), width, reach), width, reach);
  }
  const kernel = kernelOf(sigma);
  const height = values.length / width;
  const rows = along(values, kernel, width, 1, (at) => at % width);
  return along(rows, kernel, height, width, (at) => Math.floor(at / width));
}

/** How far a Gaussian reaches, in whole values. */
export function gaussianReach(sigma: number): number {
  return Math.max(1, Math.ceil(3 * sigma));
}

function kernelOf(sigma: number): Float32Array {
  const reach = gaussianReach(sigma);
  const taps = Float32Array.from({ length: 2 * reach + 1 }, (_, index) =>
    Math.exp(-0.5 * ((index - reach) / sigma) ** 2),
  );
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
}

function along(
  from: Float32Array,
  kernel: Float32Array,
  length: number,
  stride: number,
  place: (at: number) => number,
): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const to = new Float32Array(from.length);
  for (let at = 0; at < from.length; at++) {
    const here = place(at);
    let sum = 0;
    for (let tap = -reach; tap <= reach; tap++) {
      const other = Math.min(length - 1, Math.max(0, here + tap));
      sum += (kernel[tap + reach] as number) * (from[at + (other - here) * stride] as number); // Within bounds.
    }
    to[at] = sum;
  }
  return to;
}
