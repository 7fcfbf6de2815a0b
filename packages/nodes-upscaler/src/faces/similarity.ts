/** A place in a picture, in pixels from its upper left corner: the middle of the first pixel is at 0.5, 0.5. */
export interface Point {
  x: number;
  y: number;
}

/** A turn, a change of size and a shift: what leaves every shape as it is. `(x, y)` goes to `(a x - b y + dx, b x + a y + dy)`. */
export interface Similarity {
  a: number;
  b: number;
  dx: number;
  dy: number;
}

/** Where a point goes. */
export function moved({ a, b, dx, dy }: Similarity, { x, y }: Point): Point {
  return { x: a * x - b * y + dx, y: b * x + a * y + dy };
}

/** How much longer every line becomes. */
export function growthOf({ a, b }: Similarity): number {
  return Math.hypot(a, b);
}

/** The way back. */
export function inverse({ a, b, dx, dy }: Similarity): Similarity {
  const square = a * a + b * b;
  return {
    ...{ a: a / square, b: -b / square },
    ...{ dx: -(a * dx + b * dy) / square, dy: (b * dx - a * dy) / square },
  };
}

/** The same for a picture that was made so much larger before. */
export function afterEnlarging({ a, b, dx, dy }: Similarity, scale: number): Similarity {
  return { a: a / scale, b: b / scale, dx, dy };
}

/**
 * The similarity that brings points closest to where they should be, by least squares.
 * @returns undefined when the points are all in one place.
 */
export function similarityOf(from: readonly Point[], to: readonly Point[]): Similarity | undefined {
  const [origin, goal] = [middleOf(from), middleOf(to)];
  let [along, across, spread] = [0, 0, 0];
  for (const [index, point] of from.entries()) {
    const target = to[index];
    if (!target) throw new Error(`Expected ${from.length} places to go to, received ${to.length}.`);
    const [x, y] = [point.x - origin.x, point.y - origin.y];
    const [u, v] = [target.x - goal.x, target.y - goal.y];
    along += x * u + y * v;
    across += x * v - y * u;
    spread += x * x + y * y;
  }
  if (spread === 0) return undefined;
  const [a, b] = [along / spread, across / spread];
  return { a, b, dx: goal.x - (a * origin.x - b * origin.y), dy: goal.y - (b * origin.x + a * origin.y) };
}

/**
 * As {@link similarityOf}, but a point that does not fit to the others has no say, so that one that was seen in the wrong place does not
 * tilt the whole: of all similarities that two points make, the one that half of the points fit best says which these are.
 * @param tolerance how far off, in the units of `to`, is near enough.
 */
export function robustSimilarity(
  from: readonly Point[],
  to: readonly Point[],
  tolerance: number,
): Similarity | undefined {
  let best: { median: number; misses: number[] } | undefined;
  for (let first = 0; first < from.length; first++)
    for (let second = first + 1; second < from.length; second++) {
      const guess = similarityOf(at(from, first, second), at(to, first, second));
      if (!guess) continue;
      const misses = from.map((point, index) => distance(moved(guess, point), to[index] ?? point));
      const median = misses.toSorted((one, other) => one - other)[from.length >> 1] ?? 0;
      if (!best || median < best.median) best = { median, misses };
    }
  const near = Math.max(tolerance, SPREAD * (best?.median ?? 0));
  const fitting = from.flatMap((_, index) => ((best?.misses[index] ?? 0) <= near ? [index] : []));
  return similarityOf(at(from, ...fitting), at(to, ...fitting));
}

/** How many times as far off as the median a point may be: two and a half standard deviations of what is normally distributed. */
const SPREAD = 2.5 * 1.4826;

function at(points: readonly Point[], ...indices: number[]): Point[] {
  return indices.flatMap((index) => points[index] ?? []);
}

/** How far two points are from each other. */
export function distance(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function middleOf(points: readonly Point[]): Point {
  const sum = points.reduce((all, { x, y }) => ({ x: all.x + x, y: all.y + y }), { x: 0, y: 0 });
  return { x: sum.x / points.length, y: sum.y / points.length };
}
