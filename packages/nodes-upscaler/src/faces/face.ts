import type { Area } from '../tiling/tile-grid.ts';
import { growthOf, moved, type Point, type Similarity } from './similarity.ts';

/** A face that was found in a picture. */
export interface Face {
  /** In pixels of the picture, not whole ones; it may reach beyond its edge. */
  box: Area;
  /** How sure that is, 0 to 1. */
  score: number;
  /** The two eyes, the tip of the nose and the corners of the mouth, each pair from the left of an upright face as it is seen. */
  points: Point[];
}

/** The side that most people mean by the size of a face: the longer one of its box, in pixels. */
export function sizeOf({ box }: Pick<Face, 'box'>): number {
  return Math.max(box.width, box.height);
}

/** The middle of a face's box. */
export function middleOf({ box }: Pick<Face, 'box'>): Point {
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** A face where a similarity takes it. Its box stays upright, and grows as everything does. */
export function movedFace(face: Face, to: Similarity): Face {
  const { x, y } = moved(to, middleOf(face));
  const [width, height] = [face.box.width * growthOf(to), face.box.height * growthOf(to)];
  return {
    box: { left: x - width / 2, top: y - height / 2, width, height },
    score: face.score,
    points: face.points.map((point) => moved(to, point)),
  };
}

/** Of faces that cover each other by more than `overlap` of both together, the surest one alone. */
export function withoutRepeats(faces: readonly Face[], overlap: number): Face[] {
  const kept: Face[] = [];
  for (const face of faces.toSorted((one, other) => other.score - one.score))
    if (kept.every((other) => sharedOf(face.box, other.box) <= overlap)) kept.push(face);
  return kept;
}

/** The share of what two areas cover together that both cover. */
function sharedOf(one: Area, other: Area): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  const both = Math.max(0, width) * Math.max(0, height);
  const together = one.width * one.height + other.width * other.height - both;
  return together > 0 ? both / together : 0;
}
