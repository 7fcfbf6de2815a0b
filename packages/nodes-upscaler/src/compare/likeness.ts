import { gaussian } from '../enhance/gaussian.ts';

/** Pixels of a picture in memory: red, green and blue side by side, from 0 to 255. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}

/** Peak signal to noise ratio of two pictures of one size over all channels, in decibels; infinite when they are equal. */
export function psnr(a: Pixels, b: Pixels): number {
  let sum = 0;
  for (let at = 0; at < a.data.length; at++) sum += ((a.data[at] as number) - (b.data[at] as number)) ** 2; // One size.
  return 10 * Math.log10(255 ** 2 / (sum / a.data.length));
}

/** Structural similarity of the luma of two pictures of one size: 1 when they are equal, 0 when they have nothing in common. */
export function ssim(a: Pixels, b: Pixels): number {
  const [x, y] = [luma(a), luma(b)];
  const { width } = a;
  const smooth = (values: Float32Array) => gaussian(values, width, WINDOW_SIGMA);
  const product = (p: Float32Array, q: Float32Array) => p.map((value, at) => value * (q[at] as number)); // One size.
  const [mx, my] = [smooth(x), smooth(y)];
  const [xx, yy, xy] = [smooth(product(x, x)), smooth(product(y, y)), smooth(product(x, y))];
  const c1 = (0.01 * 255) ** 2;
  const c2 = (0.03 * 255) ** 2;
  let sum = 0;
  for (let at = 0; at < x.length; at++) {
    const [p, q] = [mx[at] as number, my[at] as number]; // Within bounds, as the three below.
    const covariance = (xy[at] as number) - p * q;
    const variances = (xx[at] as number) - p * p + (yy[at] as number) - q * q;
    sum += ((2 * p * q + c1) * (2 * covariance + c2)) / ((p * p + q * q + c1) * (variances + c2));
  }
  return sum / x.length;
}

/** How much a picture has of fine detail: the mean difference of its luma between neighbours, 0 to 255. */
export function sharpness(picture: Pixels): number {
  const values = luma(picture);
  const { width, height } = picture;
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const here = values[at] as number; // Within bounds, as its neighbours.
      if (x + 1 < width) sum += Math.abs(here - (values[at + 1] as number));
      if (y + 1 < height) sum += Math.abs(here - (values[at + width] as number));
      count += (x + 1 < width ? 1 : 0) + (y + 1 < height ? 1 : 0);
    }
  return count === 0 ? 0 : sum / count;
}

/** Where two pictures of one size differ: black where they are equal, each difference eight times as bright as it is. */
export function difference(a: Pixels, b: Pixels): Pixels {
  const data = new Uint8ClampedArray(a.data.length);
  for (let at = 0; at < data.length; at++) data[at] = 8 * Math.abs((a.data[at] as number) - (b.data[at] as number)); // One size.
  return { data: new Uint8Array(data.buffer), width: a.width, height: a.height };
}

function luma({ data, width, height }: Pixels): Float32Array {
  const values = new Float32Array(width * height);
  for (let at = 0, from = 0; at < values.length; at++, from += 3)
    values[at] =
      0.299 * (data[from] as number) + 0.587 * (data[from + 1] as number) + 0.114 * (data[from + 2] as number); // Three for each.
  return values;
}

/** The window that structural similarity is usually measured in. */
const WINDOW_SIGMA = 1.5;
