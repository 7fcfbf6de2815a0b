import type { PixelRows } from '../inference/planes.ts';
import { FACE_PX } from './align-face.ts';
import { squareIn } from './cut-face.ts';
import { faceMask } from './face-mask.ts';
import { growthOf, inverse, moved, type Similarity } from './similarity.ts';

/** A face in its square: red, green and blue of one pixel after the other, 0 to 65535. */
export type FacePixels = Uint16Array;

/** A restored face, made small enough for where it goes. */
export interface PlacedFace {
  /** From the pixels of the picture to those of `data`. */
  toFace: Similarity;
  data: FacePixels;
  /** Pixels of the square. */
  side: number;
  /** The rows of the picture it may touch. */
  top: number;
  bottom: number;
}

/** Makes a restored face ready for pasting. @param toFace from the pixels of the picture into the square of {@link FACE_PX}. */
export function placeFace(toFace: Similarity, pixels: FacePixels): PlacedFace {
  // Halved until it has about as many pixels as the picture has room for: what is skipped would flicker.
  let [data, side, growth] = [pixels, FACE_PX, growthOf(toFace)];
  for (; growth >= Math.SQRT2 && side > 1; growth /= 2, side /= 2) data = halved(data, side);
  const share = side / FACE_PX;
  const { a, b, dx, dy } = toFace;
  const { top, height } = squareIn(inverse(toFace));
  return {
    toFace: { a: a * share, b: b * share, dx: dx * share, dy: dy * share },
    ...{ data, side, top: Math.floor(top), bottom: Math.ceil(top + height) },
  };
}

/**
 * Pastes faces into rows of a picture. Outside of their masks nothing changes; where masks meet, faces are mixed, whatever their order.
 * @param strength 1 replaces what was there, 0 leaves it.
 */
export function pasteFaces(rows: PixelRows, faces: readonly PlacedFace[], strength: number): void {
  const height = rows.data.length / (rows.width * rows.channels);
  for (let y = rows.top; y < rows.top + height; y++) {
    const here = faces.filter(({ top, bottom }) => top <= y && y < bottom);
    if (here.length > 0) pasteRow(rows, y, here, strength);
  }
}

function pasteRow(rows: PixelRows, y: number, faces: readonly PlacedFace[], strength: number): void {
  const { data, width, channels, top, full } = rows;
  const scale = full / 65535;
  const spans = faces.map((face) => spanOf(face, y, width));
  const [first, last] = [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
  const sum = [0, 0, 0];
  for (let x = first; x < last; x++) {
    let [weights, strongest] = [0, 0];
    sum.fill(0);
    for (const [index, face] of faces.entries()) {
      const [from, to] = spans[index] as [number, number]; // One for each face.
      if (x < from || x >= to) continue;
      const place = moved(face.toFace, { x: x + 0.5, y: y + 0.5 });
      const weight = faceMask(place.x / face.side, place.y / face.side);
      if (weight === 0) continue;
      addSample(face, place.x, place.y, weight, sum);
      weights += weight;
      strongest = Math.max(strongest, weight);
    }
    if (weights === 0) continue;
    const at = ((y - top) * width + x) * channels;
    for (let channel = 0; channel < 3; channel++) {
      const before = data[at + channel] as number; // Within bounds.
      const face = ((sum[channel] as number) / weights) * scale;
      data[at + channel] = Math.round(before + strength * strongest * (face - before));
    }
  }
}

/** The pixels of a row that the square of a face may cover, as first and one after the last. */
function spanOf({ toFace: { a, b, dx, dy }, side }: PlacedFace, y: number, width: number): [number, number] {
  let [from, to] = [0, width];
  // Both places in the square grow evenly along the row: a x + first for one, b x + second for the other.
  for (const [slope, start] of [
    [a, -b * (y + 0.5) + dx],
    [b, a * (y + 0.5) + dy],
  ] as const) {
    if (slope === 0) {
      if (start < 0 || start > side) return [0, 0];
      continue;
    }
    const [one, other] = [-start / slope - 0.5, (side - start) / slope - 0.5];
    from = Math.max(from, Math.ceil(Math.min(one, other)));
    to = Math.min(to, Math.floor(Math.max(one, other)) + 1);
  }
  return from < to ? [from, to] : [0, 0];
}

/** Adds the colours between the four nearest pixels to a sum. */
function addSample({ data, side }: PlacedFace, x: number, y: number, weight: number, sum: number[]): void {
  const inside = (value: number) => Math.min(side - 1, Math.max(0, value));
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [right, below] = [x - 0.5 - left, y - 0.5 - top];
  const [x0, x1] = [inside(left) * 3, inside(left + 1) * 3];
  const [y0, y1] = [inside(top) * side * 3, inside(top + 1) * side * 3];
  for (let channel = 0; channel < 3; channel++) {
    const above = (data[y0 + x0 + channel] as number) * (1 - right) + (data[y0 + x1 + channel] as number) * right;
    const under = (data[y1 + x0 + channel] as number) * (1 - right) + (data[y1 + x1 + channel] as number) * right;
    sum[channel] = (sum[channel] as number) + weight * (above * (1 - below) + under * below);
  }
}

function halved(data: FacePixels, side: number): FacePixels {
  const half = side / 2;
  const small = new Uint16Array(half * half * 3);
  for (let y = 0, to = 0; y < half; y++)
    for (let x = 0; x < half; x++)
      for (let channel = 0; channel < 3; channel++, to++) {
        const at = (y * 2 * side + x * 2) * 3 + channel;
        const [one, next] = [data[at] as number, data[at + 3] as number]; // Within bounds, as the two below.
        small[to] = Math.round(
          (one + next + (data[at + side * 3] as number) + (data[at + side * 3 + 3] as number)) / 4,
        );
      }
  return small;
}
