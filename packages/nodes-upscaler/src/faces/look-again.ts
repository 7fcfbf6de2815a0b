import type { Colours, Detector } from './detector.ts';
import { type Face, middleOf, movedFace, sizeOf } from './face.ts';
import { distance, inverse, type Point, type Similarity } from './similarity.ts';
import { warped } from './warp.ts';

/** The side of the square that a face is looked at in again, and how large its box becomes there, in pixels. */
const SQUARE_PX = 224;
const BOX_PX = 96;
/** Faces that lean by less than this, in radians, are upright; no more looks than these are had at others. */
const UPRIGHT = 0.03;
const MOST_LOOKS = 4;
/** A face this far from the middle of the square, in pixels, is another one. */
const NEAR_PX = 48;

/**
 * Looks at a face again: alone, in one size, and turned four ways. The network sees faces at any angle, but knows where eyes and mouth are
 * only when they are upright; and what looks like a face by chance does so from one side only.
 * @returns the face with better points, or undefined when the network is not so sure any more.
 */
export async function lookAgain(
  colours: Colours,
  face: Face,
  detector: Detector,
  minScore: number,
): Promise<Face | undefined> {
  const tilt = tiltOf(face.points);
  let best: { face: Face; toSquare: Similarity } | undefined;
  for (const turn of [0, 0.5, 1, 1.5].map((half) => half * Math.PI)) {
    const seen = await seenIn(colours, squareAround(face, tilt + turn), detector, minScore);
    if (seen && (!best || seen.face.score > best.face.score)) best = seen;
  }
  if (!best) return undefined;
  let known = movedFace(best.face, inverse(best.toSquare));
  // Each look is more upright than the one before, and says better what upright is.
  for (let look = 0; look < MOST_LOOKS && Math.abs(tiltOf(best.face.points)) > UPRIGHT; look++) {
    const next = await seenIn(colours, squareAround(known, tiltOf(known.points)), detector, minScore);
    if (!next) break;
    best = next;
    known = movedFace(best.face, inverse(best.toSquare));
  }
  return known;
}

/** The face in the middle of a square, in pixels of the square. */
async function seenIn(
  colours: Colours,
  toSquare: Similarity,
  detector: Detector,
  minScore: number,
): Promise<{ face: Face; toSquare: Similarity } | undefined> {
  const faces = await detector.detect(warped(colours, toSquare, SQUARE_PX, SQUARE_PX), minScore);
  const middle = { x: SQUARE_PX / 2, y: SQUARE_PX / 2 };
  const face = faces.find((each) => distance(middleOf(each), middle) < NEAR_PX);
  return face && { face, toSquare };
}

/** How far a face leans, in radians: 0 is upright. */
function tiltOf([left, right]: readonly Point[]): number {
  return left && right ? Math.atan2(right.y - left.y, right.x - left.x) : 0;
}

/** What brings a face into the middle of the square, turned back by an angle. */
function squareAround(face: Face, angle: number): Similarity {
  const growth = BOX_PX / sizeOf(face);
  const [a, b] = [growth * Math.cos(angle), -growth * Math.sin(angle)];
  const { x, y } = middleOf(face);
  return { a, b, dx: SQUARE_PX / 2 - (a * x - b * y), dy: SQUARE_PX / 2 - (b * x + a * y) };
}
