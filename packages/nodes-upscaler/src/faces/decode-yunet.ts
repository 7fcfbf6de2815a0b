import type { Face } from './face.ts';

/** The distances, in pixels, between the places that YuNet looks at: one set of outputs for each. */
export const STRIDES = [8, 16, 32] as const;

/** What YuNet gives for the places of one stride, row by row from the upper left corner. */
export interface YuNetOutput {
  stride: number;
  /** Places in a row. */
  columns: number;
  /** Whether there is a face, and whether there is anything: a value each, 0 to 1. */
  cls: Float32Array;
  obj: Float32Array;
  /** Four values each: how far the middle is from the place, and the logarithm of the size, in strides. */
  bbox: Float32Array;
  /** Ten values each: how far the five points are from the place, in strides. */
  kps: Float32Array;
}

/** The faces that YuNet is at least as sure of as `minScore`, in pixels of what it was shown; many are seen from several places. */
export function decodeYuNet({ stride, columns, cls, obj, bbox, kps }: YuNetOutput, minScore: number): Face[] {
  const faces: Face[] = [];
  for (let place = 0; place < cls.length; place++) {
    const score = Math.sqrt(unit(cls[place]) * unit(obj[place]));
    // Not a number is not sure either.
    if (!(score >= minScore)) continue;
    const [column, row] = [place % columns, Math.floor(place / columns)];
    const value = (values: Float32Array, at: number) => values[at] ?? 0;
    const x = (column + value(bbox, place * 4)) * stride;
    const y = (row + value(bbox, place * 4 + 1)) * stride;
    const width = Math.exp(value(bbox, place * 4 + 2)) * stride;
    const height = Math.exp(value(bbox, place * 4 + 3)) * stride;
    const points = Array.from({ length: 5 }, (_, index) => ({
      x: (column + value(kps, place * 10 + index * 2)) * stride,
      y: (row + value(kps, place * 10 + index * 2 + 1)) * stride,
    }));
    const numbers = [x, y, width, height, ...points.flatMap((point) => [point.x, point.y])];
    if (numbers.every(Number.isFinite))
      faces.push({ box: { left: x - width / 2, top: y - height / 2, width, height }, score, points });
  }
  return faces;
}

function unit(value = 0): number {
  return Math.min(1, Math.max(0, value));
}
