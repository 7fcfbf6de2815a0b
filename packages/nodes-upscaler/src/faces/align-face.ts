import type { Face } from './face.ts';
import { distance, type Point, robustSimilarity, type Similarity } from './similarity.ts';

/** The side of the square that faces are brought into for restoring, in pixels. */
export const FACE_PX = 512;

/**
 * Where the eyes, the nose and the corners of the mouth are in the faces that the restoring networks learned from (FFHQ, 512 x 512). The
 * middle of the first pixel is at 0.5.
 */
export const TEMPLATE: readonly Point[] = [
  { x: 193.48, y: 240.45 },
  { x: 319.4, y: 240.69 },
  { x: 257.13, y: 314.52 },
  { x: 201.76, y: 371.91 },
  { x: 313.59, y: 371.65 },
];

/** Points that are this near to where they should be, in pixels of the square, are well seen: faces differ by as much. */
const NEAR_PX = 16;
/** Eyes that are nearer to each other than this, in pixels of the picture, show nothing that could be restored. */
const MIN_EYES_PX = 5;

/** What brings a face upright into the square; undefined where too little of it is to be seen. */
export function alignmentOf({ points }: Pick<Face, 'points'>): Similarity | undefined {
  const [left, right] = points;
  if (!left || !right || points.length !== TEMPLATE.length || distance(left, right) < MIN_EYES_PX) return undefined;
  return robustSimilarity(points, TEMPLATE, NEAR_PX);
}
