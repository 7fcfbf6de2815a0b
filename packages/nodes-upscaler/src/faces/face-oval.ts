import type { Area } from '../tiling/tile-grid.ts';
import { FACE_PX } from './align-face.ts';
import { squareIn } from './cut-face.ts';
import { faceMask } from './face-mask.ts';
import { inverse, moved, type Similarity } from './similarity.ts';

/** The height of the slices that an oval is told in, in pixels. */
const SLICE_PX = 8;
/** How far apart the places are where it is looked at, in pixels. */
const STEP_PX = 2;

/** The part of a picture that a face in its square covers, in whole pixels, slice by slice from the top. */
export function ovalOf(toFace: Similarity, picture: { width: number; height: number }): Area[] {
  const square = squareIn(inverse(toFace));
  const [left, right] = [Math.max(0, Math.floor(square.left)), Math.min(picture.width, square.left + square.width)];
  const bottom = Math.min(picture.height, square.top + square.height);
  const slices: Area[] = [];
  for (let top = Math.max(0, Math.floor(square.top)); top < bottom; top += SLICE_PX) {
    const height = Math.min(SLICE_PX, picture.height - top);
    const columns: number[] = [];
    for (let x = left; x < right; x += STEP_PX) if (isIn(toFace, x, top, height)) columns.push(x);
    const [first, last] = [columns[0], columns.at(-1)];
    if (first === undefined || last === undefined) continue;
    const start = Math.max(0, first - STEP_PX);
    slices.push({ left: start, top, width: Math.min(picture.width, last + 2 * STEP_PX) - start, height });
  }
  return slices;
}

function isIn(toFace: Similarity, x: number, top: number, height: number): boolean {
  for (let y = top; y <= top + height; y += STEP_PX) {
    const place = moved(toFace, { x: x + 0.5, y: y + 0.5 });
    if (faceMask(place.x / FACE_PX, place.y / FACE_PX) > 0) return true;
  }
  return false;
}
