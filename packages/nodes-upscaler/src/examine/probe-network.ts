import type { ExaminedModel, ModelEntry } from '@imaginarium/node-sdk';
import { NonRetryableError } from '@imaginarium/node-sdk';
import type { InferenceSession } from 'onnxruntime-node';
import { MOST_EXACT_PX } from '../tiling/overlap.ts';

/** What a session gives for planes: values and sides. */
export interface Answer {
  data: Float32Array;
  width: number;
  height: number;
}

/** Feeds planes of these sides. @throws whatever the runtime throws. */
export type Feed = (data: Float32Array, width: number, height: number) => Promise<Answer>;

/** The sides that pictures for trying have: an odd one finds networks that take multiples only. */
const SIDES = [64, 61] as const;
/** How far what comes out, made small again, may be from what went in, as a mean over 0 to 1. */
const LIKE = 0.12;
const RANGES = [
  [0, 1],
  [0, 255],
  [-1, 1],
] as const satisfies readonly [number, number][];

/** What one try of a network tells of it. */
export type Probed = Pick<ExaminedModel, 'scale' | 'sizes' | 'receptiveRadiusPx'> & { range: [number, number] };

/**
 * Tries a network on small pictures: which sizes it takes, how much larger it makes them, between which values, and how far a pixel
 * reaches.
 * @param fixed the only size it takes, where its file says so.
 * @throws {NonRetryableError} when what comes out is no larger picture of what went in.
 */
export async function probeNetwork(feed: Feed, fixed: { width: number; height: number } | undefined): Promise<Probed> {
  const side = fixed ?? { width: SIDES[0], height: SIDES[0] };
  const picture = samplePlanes(side.width, side.height);
  const first = await feed(picture, side.width, side.height);
  const scale = first.width / side.width;
  if (!Number.isInteger(scale) || first.height !== side.height * scale || scale < 1 || scale > 16)
    throw new NonRetryableError(
      `It makes ${side.width} x ${side.height} pixels to ${first.width} x ${first.height}; a whole number of times as many, 1 to 16 a side, is expected.`,
    );
  const sizes: ModelEntry['sizes'] = fixed ? { kind: 'fixed', ...fixed } : await sizesOf(feed, scale);
  const range = await rangeOf(feed, picture, side, scale);
  const receptiveRadiusPx = await radiusOf(feed, fixed, sizes, scale, range);
  return { scale, sizes, range, receptiveRadiusPx };
}

/** Whether it takes any size, or multiples only. */
async function sizesOf(feed: Feed, scale: number): Promise<ModelEntry['sizes']> {
  const takes = async (side: number) => {
    try {
      const { width, height } = await feed(samplePlanes(side, side), side, side);
      return width === side * scale && height === width;
    } catch {
      return false;
    }
  };
  if (await takes(SIDES[1])) return { kind: 'any' };
  for (const unit of [2, 4, 8, 16, 32, 64]) if (await takes(64 + unit)) return { kind: 'multiple', of: unit };
  throw new NonRetryableError(
    'It takes neither pictures of any size nor of multiples of up to 64 pixels, and does not say which it takes. Export it with height and width left dynamic.',
  );
}

async function rangeOf(
  feed: Feed,
  picture: Float32Array,
  { width, height }: { width: number; height: number },
  scale: number,
): Promise<[number, number]> {
  const far: string[] = [];
  for (const [low, high] of RANGES) {
    const fed = picture.map((value) => low + value * (high - low));
    const { data } = await feed(fed, width, height);
    const error = distance(
      picture,
      data.map((value) => (value - low) / (high - low)),
      width,
      height,
      scale,
    );
    if (error < LIKE) return [low, high];
    far.push(`${low} to ${high}: ${Number.isFinite(error) ? error.toFixed(2) : 'not a number'}`);
  }
  throw new NonRetryableError(
    `What comes out does not look like what goes in, whatever the values of black and white (mean distance ${far.join(', ')}; under ${LIKE} is expected).`,
  );
}

/** The mean distance of a picture to a larger one that is made small again. */
function distance(small: Float32Array, large: Float32Array, width: number, height: number, scale: number): number {
  let sum = 0;
  for (let channel = 0; channel < 3; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        let mean = 0;
        for (let dy = 0; dy < scale; dy++)
          for (let dx = 0; dx < scale; dx++)
            mean += large[(channel * height * scale + y * scale + dy) * width * scale + x * scale + dx] as number;
        sum += Math.abs(mean / scale ** 2 - (small[(channel * height + y) * width + x] as number));
      }
  return sum / (3 * width * height);
}

/** Changes one pixel in the middle and looks how far away anything changes: null beyond what tiles overlap by. */
async function radiusOf(
  feed: Feed,
  fixed: { width: number; height: number } | undefined,
  sizes: ModelEntry['sizes'],
  scale: number,
  [low, high]: [number, number],
): Promise<number | null> {
  // One more than what is looked for on each side, so that reaching the edge means reaching further.
  const reach = MOST_EXACT_PX + 2;
  const wanted = 2 * reach + 1;
  const unit = sizes.kind === 'multiple' ? sizes.of : 1;
  const side = Math.ceil(wanted / unit) * unit;
  const { width, height } = fixed ?? { width: side, height: side };
  const [middleX, middleY] = [Math.floor(width / 2), Math.floor(height / 2)];
  if (Math.min(middleX, middleY) <= MOST_EXACT_PX) return null;
  let furthest = 0;
  // Where an activation is shut, nothing passes: several pictures find paths that one alone would miss.
  for (const seed of [1, 2, 3]) {
    const picture = samplePlanes(width, height, seed).map((value) => low + value * (high - low));
    const changed = picture.slice();
    for (let channel = 0; channel < 3; channel++) {
      const at = (channel * height + middleY) * width + middleX;
      changed[at] = (changed[at] as number) > (low + high) / 2 ? low : high;
    }
    const before = await feed(picture, width, height);
    const after = await feed(changed, width, height);
    for (let at = 0; at < before.data.length; at++) {
      if (before.data[at] === after.data[at]) continue;
      const x = Math.floor((at % before.width) / scale);
      const y = Math.floor((Math.floor(at / before.width) % before.height) / scale);
      furthest = Math.max(furthest, Math.abs(x - middleX), Math.abs(y - middleY));
    }
  }
  return furthest > MOST_EXACT_PX ? null : furthest;
}

/** A picture with gradients and noise, the same for the same seed. */
export function samplePlanes(width: number, height: number, seed = 1): Float32Array {
  return Float32Array.from({ length: 3 * width * height }, (_, at) => {
    const bits = Math.imul(at + seed * 7919, 0x9e3779b1);
    const noise = ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
    const x = (at % width) / width;
    const y = (Math.floor(at / width) % height) / height;
    return 0.1 + 0.3 * x + 0.2 * y + 0.4 * noise;
  });
}

/** Feeds a session that takes and gives one picture. */
export function feedOf(session: InferenceSession, Tensor: typeof import('onnxruntime-node').Tensor): Feed {
  const [input = '', output = ''] = [session.inputNames[0], session.outputNames[0]];
  return async (data, width, height) => {
    const results = await session.run({ [input]: new Tensor('float32', data, [1, 3, height, width]) });
    const picture = results[output];
    const [, channels, outHeight, outWidth] = picture?.dims ?? [];
    if (picture?.type !== 'float32' || picture.dims.length !== 4 || channels !== 3)
      throw new NonRetryableError(
        `It gave a tensor of ${picture?.dims.join(' x ') ?? 'nothing'}; a picture of 1 x 3 x height x width is expected.`,
      );
    return { data: picture.data as Float32Array, width: outWidth ?? 0, height: outHeight ?? 0 };
  };
}
