import { NonRetryableError } from '@imaginarium/node-sdk';
import type { InstalledModel } from '../catalogue/find-installed.ts';
import type { Planes } from '../inference/network.ts';
import { openSession } from '../inference/open-session.ts';
import { decodeYuNet, STRIDES } from './decode-yunet.ts';
import { type Face, withoutRepeats } from './face.ts';
import { loadOnce } from './load-once.ts';

/** Pixels as the imaging library gives them: red, green and blue of one after the other. */
export interface Colours {
  data: Uint8Array;
  /** Pixels. */
  width: number;
  height: number;
}

/** A network that finds faces. */
export interface Detector {
  /** The name and the bytes it was made of: equal only where its results are. */
  name: string;
  /** Faces it is at least as sure of as `minScore`, each once. Blocks the process's thread until it is done. */
  detect(picture: Colours, minScore: number): Promise<Face[]>;
}

/** Faces that cover each other by more than this are one: what the authors of YuNet use. */
export const OVERLAP = 0.3;

/** Sides that YuNet takes are multiples of its largest stride. */
export const PLACES_PX = Math.max(...STRIDES);

/**
 * Loads a network with the interface of YuNet, once in a process.
 * @throws {NonRetryableError} when the file is none.
 */
export const loadDetector = loadOnce(open);

async function open({ entry, path }: InstalledModel): Promise<Detector> {
  const { session, Tensor } = await openSession(path, entry.file);
  const wanted = STRIDES.flatMap((stride) => ['cls', 'obj', 'bbox', 'kps'].map((kind) => `${kind}_${stride}`));
  const missing = wanted.filter((name) => !session.outputNames.includes(name));
  const [input] = session.inputNames;
  if (!input || missing.length > 0)
    throw new NonRetryableError(
      `${entry.file}: expected a face detector with the outputs of YuNet, found none called ${missing.join(', ')}. Use another model.`,
    );
  return {
    name: `${entry.name} ${entry.sha256}`,
    async detect(picture, minScore) {
      const { data, width, height } = planesFor(picture);
      const results = await session.run({ [input]: new Tensor('float32', data, [1, 3, height, width]) });
      const faces = STRIDES.flatMap((stride) => {
        const values = (kind: string, each: number) => {
          const found = results[`${kind}_${stride}`];
          const expected = (width / stride) * (height / stride) * each;
          if (found?.type !== 'float32' || found.size !== expected)
            throw new NonRetryableError(
              `${entry.file}: expected ${expected} numbers at ${kind}_${stride}, received ${found?.size ?? 0}. Use another model.`,
            );
          return found.data as Float32Array; // Its type says so.
        };
        const boxes = { cls: values('cls', 1), obj: values('obj', 1), bbox: values('bbox', 4), kps: values('kps', 10) };
        return decodeYuNet({ stride, columns: width / stride, ...boxes }, minScore);
      });
      return withoutRepeats(faces, OVERLAP);
    },
  };
}

/** What YuNet takes: blue, green, red, each from 0 to 255, with black below and to the right up to a size that it takes. */
function planesFor({ data, width, height }: Colours): Planes {
  const [fullWidth, fullHeight] = [Math.ceil(width / PLACES_PX) * PLACES_PX, Math.ceil(height / PLACES_PX) * PLACES_PX];
  const size = fullWidth * fullHeight;
  const planes = new Float32Array(3 * size);
  for (let y = 0, from = 0; y < height; y++)
    for (let x = 0, to = y * fullWidth; x < width; x++, to++, from += 3) {
      planes[to] = data[from + 2] as number; // Within bounds, as all of these.
      planes[to + size] = data[from + 1] as number;
      planes[to + 2 * size] = data[from] as number;
    }
  return { data: planes, width: fullWidth, height: fullHeight };
}
