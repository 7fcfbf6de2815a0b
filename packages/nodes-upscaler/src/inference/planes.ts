import type { Area } from '../tiling/tile-grid.ts';
import type { Planes } from './network.ts';

/** Rows of a decoded picture in memory: `channels` values a pixel, red, green, blue and perhaps alpha. */
export interface PixelRows {
  data: Uint8Array | Uint16Array;
  /** Pixels in a row. */
  width: number;
  channels: 3 | 4;
  /** The row of the picture that `data` starts with. */
  top: number;
  /** The value of full brightness: 255 or 65535. */
  full: 255 | 65535;
}

/**
 * The part of some rows that lies in `area`, as planes from 0 to 1. Alpha is left out. Beyond the edge of the rows the pixels at the edge go
 * on: networks put black there, which shows two or three pixels deep, and is all there is to see in a picture of one pixel.
 */
export function planesOf({ data, width, channels, top, full }: PixelRows, area: Area): Planes {
  const planes = new Float32Array(3 * area.width * area.height);
  const size = area.width * area.height;
  const height = data.length / (width * channels);
  let to = 0;
  for (let y = area.top - top; y < area.top - top + area.height; y++) {
    const row = Math.min(height - 1, Math.max(0, y)) * width;
    for (let x = area.left; x < area.left + area.width; x++, to++) {
      const from = (row + Math.min(width - 1, Math.max(0, x))) * channels;
      planes[to] = (data[from] as number) / full;
      planes[to + size] = (data[from + 1] as number) / full;
      planes[to + 2 * size] = (data[from + 2] as number) / full;
    }
  }
  return { data: planes, width: area.width, height: area.height };
}

/** What was met in planes while they were written. */
export interface Met {
  /** How far values of green are apart, which is in every shade but pure red and blue. */
  greenRange: number;
  /** Whether all values are numbers. */
  finite: boolean;
}

/** The part of planes in an area, made smaller by a whole factor: each pixel is the mean of a square of `factor` by `factor`, exactly. */
export function averageDown({ data, width, height }: Planes, area: Area, factor: number): Planes {
  const small = { width: area.width / factor, height: area.height / factor };
  const means = new Float32Array(3 * small.width * small.height);
  const share = 1 / (factor * factor);
  let to = 0;
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < small.height; y++)
      for (let x = 0; x < small.width; x++, to++) {
        let sum = 0;
        for (let row = 0; row < factor; row++) {
          const from = (channel * height + area.top + y * factor + row) * width + area.left + x * factor;
          for (let column = 0; column < factor; column++) sum += data[from + column] as number; // Within bounds.
        }
        means[to] = sum * share;
      }
  return { data: means, ...small };
}

/**
 * Writes the part of planes in an area into rows, clamped and rounded to whole values.
 * @returns what was met on the way: with hundreds of millions of values a second look at them would cost.
 */
export function putPlanes(planes: Planes, area: Area, rows: PixelRows, left: number, top: number): Met {
  const { data: values } = planes;
  const { data, channels, full } = rows;
  // It clamps and rounds by itself, faster than any code here could.
  const clamped = data instanceof Uint8Array ? new Uint8ClampedArray(data.buffer, data.byteOffset, data.length) : null;
  const size = planes.width * planes.height;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let oddities = 0;
  for (let y = 0; y < area.height; y++) {
    let from = (area.top + y) * planes.width + area.left;
    let to = ((top - rows.top + y) * rows.width + left) * channels;
    for (let x = 0; x < area.width; x++, to += channels, from++) {
      const red = values[from] as number; // Within bounds, as all of these.
      const green = values[from + size] as number;
      const blue = values[from + 2 * size] as number;
      const sum = red + green + blue;
      // Neither NaN nor infinity is nothing when it is taken from itself.
      oddities += sum - sum;
      if (green < low) low = green;
      if (green > high) high = green;
      if (clamped) {
        clamped[to] = red * 255;
        clamped[to + 1] = green * 255;
        clamped[to + 2] = blue * 255;
      } else {
        data[to] = quantised(red, full);
        data[to + 1] = quantised(green, full);
        data[to + 2] = quantised(blue, full);
      }
    }
  }
  return { greenRange: high - low, finite: oddities === 0 };
}

/** As {@link putPlanes}, all of them. */
export function putWhole(planes: Planes, rows: PixelRows, left: number, top: number): Met {
  return putPlanes(planes, { left: 0, top: 0, width: planes.width, height: planes.height }, rows, left, top);
}

function quantised(value: number, full: number): number {
  return value <= 0 ? 0 : value >= 1 ? full : Math.floor(value * full + 0.5);
}

/** What there is to meet in an area of planes, without writing them anywhere. */
export function meet({ data, width, height }: Planes, area: Area): Met {
  const size = width * height;
  let [low, high, oddities] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let y = area.top; y < area.top + area.height; y++)
    for (let from = y * width + area.left; from < y * width + area.left + area.width; from++) {
      const green = data[from + size] as number; // Within bounds, as the others.
      const sum = (data[from] as number) + green + (data[from + 2 * size] as number);
      oddities += sum - sum;
      if (green < low) low = green;
      if (green > high) high = green;
    }
  return { greenRange: high - low, finite: oddities === 0 };
}

/** Gives the memory of pixels back that nobody looks at any more: waiting for the collector, several would be held at once. */
export function release({ data: { buffer } }: { data: Float32Array | Uint8Array | Uint16Array }): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
