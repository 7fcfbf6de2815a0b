/** Pixels of a small copy of a picture: red, green, blue and alpha from 0 to 255. */
export interface Sample {
  data: Uint8Array;
  width: number;
  height: number;
}

/** A colour that changes evenly over a picture, as light falls off: for each channel its value in the middle, and how much it grows from edge to edge across and down. From 0 to 1. */
export type Backdrop = readonly [Slope, Slope, Slope];
type Slope = readonly [middle: number, across: number, down: number];

/** What was found behind the subject of a picture. */
export interface Background {
  backdrop: Backdrop;
  /** For each pixel of the sample, whether it may belong to the background: it hangs together with the edge of the picture. */
  reach: Uint8Array;
  /** The share of the picture's edge that has the colour of the background. */
  share: number;
}

/** The edge that is looked at, as a share of the shorter side. */
const RING = 0.02;
/** Soft outlines lie this far inside of what was found, in pixels of the sample. */
const OUTLINE_PX = 3;

/** How far a colour is from the backdrop at a place, from 0 to 1. Places are from 0 to 1. */
export function distance(backdrop: Backdrop, x: number, y: number, red: number, green: number, blue: number): number {
  const [r, g, b] = [at(backdrop[0], x, y) - red, at(backdrop[1], x, y) - green, at(backdrop[2], x, y) - blue];
  return Math.sqrt((r * r + g * g + b * b) / 3);
}

/** The value of a channel of the backdrop at a place from 0 to 1. */
export function at([middle, across, down]: Slope, x: number, y: number): number {
  return middle + across * (x - 0.5) + down * (y - 0.5);
}

/**
 * Finds the background: the colour of the picture's edge, and all that hangs together with it and has that colour.
 * @param tolerance how far a colour may be from it, from 0 to 1.
 * @returns undefined where the edge is transparent.
 */
export function findBackground(sample: Sample, tolerance: number): Background | undefined {
  const ring = ringOf(sample);
  if (ring.length === 0) return;
  // First the colour in the middle of all at the edge, then the even change among those that have it.
  const flat = flatColour(sample, ring);
  const isNear = (backdrop: Backdrop, pixel: number) => distanceAt(sample, backdrop, pixel) <= tolerance;
  const alike = ring.filter((pixel) => isNear(flat, pixel));
  const backdrop = alike.length < ring.length / 4 ? flat : sloped(sample, alike, flat);
  const inside = ring.filter((pixel) => isNear(backdrop, pixel));
  return {
    backdrop,
    reach: widened(
      connected(sample, inside, (pixel) => isNear(backdrop, pixel)),
      sample.width,
    ),
    share: inside.length / ring.length,
  };
}

function ringOf({ data, width, height }: Sample): number[] {
  const deep = Math.max(1, Math.round(RING * Math.min(width, height)));
  const ring: number[] = [];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isRing = x < deep || y < deep || x >= width - deep || y >= height - deep;
      if (isRing && data[(y * width + x) * 4 + 3] === 255) ring.push(y * width + x);
    }
  return ring;
}

function flatColour({ data }: Sample, ring: readonly number[]): Backdrop {
  const middle = (channel: number): Slope => {
    const sorted = ring.map((pixel) => data[pixel * 4 + channel] ?? 0).toSorted((a, b) => a - b);
    return [(sorted[Math.floor(sorted.length / 2)] ?? 0) / 255, 0, 0];
  };
  return [middle(0), middle(1), middle(2)];
}

/** The plane through colours that lies nearest to all of them (least squares); `flat` where they lie on a line. */
function sloped({ data, width, height }: Sample, pixels: readonly number[], flat: Backdrop): Backdrop {
  const places = pixels.map((pixel) => [
    ((pixel % width) + 0.5) / width - 0.5,
    (Math.floor(pixel / width) + 0.5) / height - 0.5,
  ]);
  const sum = (of: (place: number[], index: number) => number) =>
    places.reduce((total, place, index) => total + of(place, index), 0);
  const n = places.length;
  const [sx, sy] = [sum(([x = 0]) => x), sum(([, y = 0]) => y)];
  const [sxx, sxy, syy] = [sum(([x = 0]) => x * x), sum(([x = 0, y = 0]) => x * y), sum(([, y = 0]) => y * y)];
  const determinant = n * (sxx * syy - sxy * sxy) - sx * (sx * syy - sxy * sy) + sy * (sx * sxy - sxx * sy);
  if (Math.abs(determinant) < 1e-6 * n ** 3) return flat;
  const solved = (channel: number): Slope => {
    const value = (index: number) => (data[(pixels[index] ?? 0) * 4 + channel] ?? 0) / 255;
    const [v, vx, vy] = [
      sum((_, index) => value(index)),
      sum(([x = 0], index) => x * value(index)),
      sum(([, y = 0], index) => y * value(index)),
    ];
    return [
      (v * (sxx * syy - sxy * sxy) - sx * (vx * syy - sxy * vy) + sy * (vx * sxy - sxx * vy)) / determinant,
      (n * (vx * syy - sxy * vy) - v * (sx * syy - sxy * sy) + sy * (sx * vy - vx * sy)) / determinant,
      (n * (sxx * vy - vx * sxy) - sx * (sx * vy - vx * sy) + v * (sx * sxy - sxx * sy)) / determinant,
    ];
  };
  return [solved(0), solved(1), solved(2)];
}

function distanceAt({ data, width, height }: Sample, backdrop: Backdrop, pixel: number): number {
  const [x, y] = [((pixel % width) + 0.5) / width, (Math.floor(pixel / width) + 0.5) / height];
  const [red = 0, green = 0, blue = 0] = data.subarray(pixel * 4, pixel * 4 + 3);
  return distance(backdrop, x, y, red / 255, green / 255, blue / 255);
}

/** All pixels that can be reached from some by going through those of the background. */
function connected(
  { width, height }: Sample,
  from: readonly number[],
  belongs: (pixel: number) => boolean,
): Uint8Array {
  const seen = new Uint8Array(width * height);
  const open = [...from];
  for (const pixel of open) seen[pixel] = 1;
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
    const x = pixel % width;
    const next = [
      ...(x > 0 ? [pixel - 1] : []),
      ...(x < width - 1 ? [pixel + 1] : []),
      ...(pixel >= width ? [pixel - width] : []),
      ...(pixel < width * (height - 1) ? [pixel + width] : []),
    ];
    for (const other of next) {
      if (seen[other] === 1 || !belongs(other)) continue;
      seen[other] = 1;
      open.push(other);
    }
  }
  return seen;
}

function widened(mask: Uint8Array, width: number): Uint8Array {
  const height = mask.length / width;
  const wide = new Uint8Array(mask.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] === 0) continue;
      for (let ny = Math.max(0, y - OUTLINE_PX); ny <= Math.min(height - 1, y + OUTLINE_PX); ny++)
        wide.fill(1, ny * width + Math.max(0, x - OUTLINE_PX), ny * width + Math.min(width - 1, x + OUTLINE_PX) + 1);
    }
  return wide;
}
