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

/** The part of some rows that lies in `area`, as planes from 0 to 1. Alpha is left out. */
export function planesOf({ data, width, channels, top, full }: PixelRows, area: Area): Planes {
  const planes = new Float32Array(3 * area.width * area.height);
  const size = area.width * area.height;
  let to = 0;
  for (let y = area.top - top; y < area.top - top + area.height; y++) {
    let from = (y * width + area.left) * channels;
    for (let x = 0; x < area.width; x++, from += channels, to++) {
      planes[to] = (data[from] as number) / full;
      planes[to + size] = (data[from + 1] as number) / full;
      planes[to + 2 * size] = (data[from + 2] as number) / full;
    }
  }
  return { data: planes, width: area.width, height: area.height };
}

/** A part of planes. */
export function cropPlanes({ data, width, height }: Planes, area: Area): Planes {
  const part = new Float32Array(3 * area.width * area.height);
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < area.height; y++) {
      const from = (channel * height + area.top + y) * width + area.left;
      part.set(data.subarray(from, from + area.width), (channel * area.height + y) * area.width);
    }
  return { data: part, width: area.width, height: area.height };
}

/** Planes made smaller by a whole factor: each pixel is the mean of a square of `factor` by `factor`, exactly. */
export function averageDown({ data, width, height }: Planes, factor: number): Planes {
  if (factor === 1) return { data, width, height };
  const small = { width: width / factor, height: height / factor };
  const means = new Float32Array(3 * small.width * small.height);
  const share = 1 / (factor * factor);
  let to = 0;
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < small.height; y++)
      for (let x = 0; x < small.width; x++, to++) {
        let sum = 0;
        for (let row = 0; row < factor; row++) {
          const from = (channel * height + y * factor + row) * width + x * factor;
          for (let column = 0; column < factor; column++) sum += data[from + column] as number; // Within bounds.
        }
        means[to] = sum * share;
      }
  return { data: means, ...small };
}

/** Writes planes into rows at an area, clamped and rounded to whole values. */
export function putPlanes({ data: planes, width, height }: Planes, rows: PixelRows, left: number, top: number): void {
  const { data, channels, full } = rows;
  const size = width * height;
  let from = 0;
  for (let y = 0; y < height; y++) {
    let to = ((top - rows.top + y) * rows.width + left) * channels;
    for (let x = 0; x < width; x++, to += channels, from++) {
      data[to] = quantised(planes[from] as number, full);
      data[to + 1] = quantised(planes[from + size] as number, full);
      data[to + 2] = quantised(planes[from + 2 * size] as number, full);
    }
  }
}

function quantised(value: number, full: number): number {
  return value <= 0 ? 0 : value >= 1 ? full : Math.floor(value * full + 0.5);
}
