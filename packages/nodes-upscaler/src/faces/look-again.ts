import type { Colours, Detector } from './detector.ts';
import { type Face, sizeOf } from './face.ts';
import { distance, inverse, moved, type Point, type Similarity } from './similarity.ts';

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
  let known = backFrom(best);
  // Each look is more upright than the one before, and says better what upright is.
  for (let look = 0; look < MOST_LOOKS && Math.abs(tiltOf(best.face.points)) > UPRIGHT; look++) {
    const next = await seenIn(colours, squareAround(known, tiltOf(known.points)), detector, minScore);
    if (!next) break;
    best = next;
    known = backFrom(best);
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
  const faces = await detector.detect(turned(colours, toSquare), minScore);
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

function middleOf({ box }: Face): Point {
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** A face that was seen in a square, in pixels of what the square was cut from. Its box is upright there too, and as large as it was. */
function backFrom({ face, toSquare }: { face: Face; toSquare: Similarity }): Face {
  const back = inverse(toSquare);
  const growth = Math.hypot(back.a, back.b);
  const { x, y } = moved(back, middleOf(face));
  const [width, height] = [face.box.width * growth, face.box.height * growth];
  return {
    box: { left: x - width / 2, top: y - height / 2, width, height },
    score: face.score,
    points: face.points.map((point) => moved(back, point)),
  };
}

/** The square, its pixels taken from the nearest four; grey beyond the edge. Where it is smaller, of as many more as it takes. */
function turned({ data, width, height }: Colours, toSquare: Similarity): Colours {
  const back = inverse(toSquare);
  const square = new Uint8Array(SQUARE_PX * SQUARE_PX * 3).fill(128);
  // As many samples a side as pixels fall into one of the square.
  const samples = Math.max(1, Math.round(Math.hypot(back.a, back.b)));
  for (let y = 0, to = 0; y < SQUARE_PX; y++)
    for (let x = 0; x < SQUARE_PX; x++, to += 3) {
      let [red, green, blue, count] = [0, 0, 0, 0];
      for (let sample = 0; sample < samples * samples; sample++) {
        const column = x + ((sample % samples) + 0.5) / samples;
        const row = y + (Math.floor(sample / samples) + 0.5) / samples;
        const place = moved(back, { x: column, y: row });
        if (place.x < 0 || place.y < 0 || place.x >= width || place.y >= height) continue;
        const [left, top] = [Math.max(0, Math.floor(place.x - 0.5)), Math.max(0, Math.floor(place.y - 0.5))];
        const [right, below] = [Math.min(width - 1, left + 1), Math.min(height - 1, top + 1)];
        const [across, down] = [Math.max(0, place.x - 0.5 - left), Math.max(0, place.y - 0.5 - top)];
        for (const [from, weight] of [
          [(top * width + left) * 3, (1 - across) * (1 - down)],
          [(top * width + right) * 3, across * (1 - down)],
          [(below * width + left) * 3, (1 - across) * down],
          [(below * width + right) * 3, across * down],
        ] as const) {
          red += (data[from] as number) * weight; // Within bounds, as all of these.
          green += (data[from + 1] as number) * weight;
          blue += (data[from + 2] as number) * weight;
        }
        count++;
      }
      if (count === 0) continue;
      square[to] = red / count;
      square[to + 1] = green / count;
      square[to + 2] = blue / count;
    }
  return { data: square, width: SQUARE_PX, height: SQUARE_PX };
}
