import type { Planes } from '../inference/network.ts';
import type { Area } from '../tiling/tile-grid.ts';
import type { PixelFile } from '../upscale/pixel-file.ts';
import { FACE_PX } from './align-face.ts';
import { growthOf, inverse, moved, type Similarity } from './similarity.ts';

/** What stands where the square reaches beyond the picture, 0 to 1: the grey that the restoring networks know from there. */
const BEYOND = [132 / 255, 133 / 255, 135 / 255] as const;
/** Rows of the picture that are in memory at a time. */
const ROWS = 64;

/** Cuts a face out of a picture, upright in a square. Large faces are averaged down, so that they do not flicker. */
export async function cutFace(picture: PixelFile, toFace: Similarity): Promise<Planes> {
  const toPicture = inverse(toFace);
  const area = areaOf(toPicture, picture);
  const reduced = await reduce(picture, area, Math.max(1, Math.round(growthOf(toPicture))));
  const size = FACE_PX * FACE_PX;
  const data = new Float32Array(3 * size);
  for (let y = 0, to = 0; y < FACE_PX; y++)
    for (let x = 0; x < FACE_PX; x++, to++) {
      const place = moved(toPicture, { x: x + 0.5, y: y + 0.5 });
      const isBeyond = place.x < 0 || place.y < 0 || place.x >= picture.width || place.y >= picture.height;
      for (let channel = 0; channel < 3; channel++)
        data[to + channel * size] = isBeyond
          ? (BEYOND[channel] as number) // One for each of the three.
          : sampled(reduced, (place.x - area.left) / reduced.factor, (place.y - area.top) / reduced.factor, channel);
    }
  return { data, width: FACE_PX, height: FACE_PX };
}

/** The part of a picture that shows the square, in whole pixels; one pixel at least. */
function areaOf(toPicture: Similarity, { width, height }: { width: number; height: number }): Area {
  const corners = squareIn(toPicture);
  const clamped = (value: number, most: number) => Math.min(most, Math.max(0, value));
  const left = clamped(Math.floor(corners.left) - 1, width - 1);
  const top = clamped(Math.floor(corners.top) - 1, height - 1);
  return {
    ...{ left, top },
    width: clamped(Math.ceil(corners.left + corners.width) + 1, width) - left || 1,
    height: clamped(Math.ceil(corners.top + corners.height) + 1, height) - top || 1,
  };
}

/** The upright rectangle around the square, where a picture has it. */
export function squareIn(toPicture: Similarity): Area {
  const corners = [0, FACE_PX].flatMap((x) => [0, FACE_PX].map((y) => moved(toPicture, { x, y })));
  const [xs, ys] = [corners.map(({ x }) => x), corners.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
}

/** A part of a picture made smaller by a whole factor: three values a pixel, from 0 to 1. */
interface Reduced {
  data: Float32Array;
  width: number;
  height: number;
  factor: number;
}

async function reduce(picture: PixelFile, area: Area, factor: number): Promise<Reduced> {
  const [width, height] = [Math.ceil(area.width / factor), Math.ceil(area.height / factor)];
  const data = new Float32Array(width * height * 3);
  for (let done = 0; done < area.height; done += ROWS) {
    const rows = await picture.colourRows(area.top + done, Math.min(ROWS, area.height - done));
    for (let y = 0; y < Math.min(ROWS, area.height - done); y++)
      for (let x = 0; x < area.width; x++) {
        const from = (y * rows.width + area.left + x) * rows.channels;
        const to = (Math.floor((done + y) / factor) * width + Math.floor(x / factor)) * 3;
        for (let channel = 0; channel < 3; channel++)
          data[to + channel] = (data[to + channel] as number) + (rows.data[from + channel] as number); // Within bounds.
      }
  }
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++, to++) {
        // The last column and row may be of fewer pixels.
        const count = Math.min(factor, area.width - x * factor) * Math.min(factor, area.height - y * factor);
        data[to] = (data[to] as number) / (count * picture.full);
      }
  return { data, width, height, factor };
}

/** The value between the four nearest pixels; at the edge the last pixels go on. */
function sampled({ data, width, height }: Reduced, x: number, y: number, channel: number): number {
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [right, below] = [x - 0.5 - left, y - 0.5 - top];
  const at = (column: number, row: number) => {
    const [inX, inY] = [Math.min(width - 1, Math.max(0, column)), Math.min(height - 1, Math.max(0, row))];
    return data[(inY * width + inX) * 3 + channel] as number; // Within bounds.
  };
  const above = at(left, top) * (1 - right) + at(left + 1, top) * right;
  return above * (1 - below) + (at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right) * below;
}
