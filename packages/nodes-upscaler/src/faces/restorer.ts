import { NonRetryableError } from '@imaginarium/node-sdk';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { InstalledModel } from '../catalogue/find-installed.ts';
import { BadTileError } from '../inference/check-output.ts';
import type { Planes } from '../inference/network.ts';
import { openSession } from '../inference/open-session.ts';
import { FACE_PX } from './align-face.ts';
import { loadOnce } from './load-once.ts';

/** A network that draws faces anew. */
export interface Restorer {
  /** The name and the bytes it was made of: equal only where its results are. */
  name: string;
  /**
   * Restores a face that was brought upright into the square. Blocks the process's thread until it is done.
   * @param fidelity 0 draws a face that looks good, 1 one that looks like this; networks that know no difference leave it out.
   * @throws {BadTileError} when what came out is no picture.
   */
  restore(face: Planes, fidelity: number): Promise<Planes>;
}

/**
 * Loads a network with the interface of GFPGAN or of CodeFormer, once in a process.
 * @throws {NonRetryableError} when the file is none.
 */
export const loadRestorer = loadOnce(open);

async function open({ entry, path }: InstalledModel): Promise<Restorer> {
  const { session, Tensor } = await openSession(path, entry.file);
  const { face, weight } = inputsOf(session, entry.file);
  const [output = ''] = session.outputNames;
  return {
    name: `${entry.name} ${entry.sha256}`,
    async restore({ data }, fidelity) {
      const shifted = data.map((value) => value * 2 - 1);
      const feed: Record<string, Tensor> = { [face]: new Tensor('float32', shifted, [1, 3, FACE_PX, FACE_PX]) };
      if (weight) {
        const dims = weight.rank === 0 ? [] : [1];
        feed[weight.name] =
          weight.type === 'float64'
            ? new Tensor('float64', Float64Array.of(fidelity), dims)
            : new Tensor('float32', Float32Array.of(fidelity), dims);
      }
      const restored = (await session.run(feed))[output];
      if (restored?.type !== 'float32' || restored.size !== data.length)
        throw new NonRetryableError(
          `${entry.file}: expected a face of ${FACE_PX} x ${FACE_PX}, received a tensor of ${restored?.dims.join(' x ') ?? 'nothing'}. Use another model.`,
        );
      // Its type says so.
      return unshifted(restored.data as Float32Array);
    },
  };
}

interface Inputs {
  /** The input that takes the face. */
  face: string;
  /** The input that takes how faithful it should be. */
  weight: { name: string; type: 'float32' | 'float64'; rank: number } | undefined;
}

/** GFPGAN takes a face; CodeFormer takes a face and one number more. Files call them by different names. */
function inputsOf(session: InferenceSession, file: string): Inputs {
  const tensors = session.inputMetadata.filter((input) => input.isTensor);
  const face = tensors.find(({ shape, type }) => shape.length === 4 && type === 'float32');
  const others = tensors.filter((input) => input !== face);
  const [weight] = others;
  const isWeight = weight && (weight.type === 'float32' || weight.type === 'float64') && weight.shape.length <= 1;
  const [given] = session.outputMetadata;
  const isFace = given?.isTensor && given.type === 'float32' && given.shape.length === 4;
  if (!face || !isFace || others.length > 1 || (weight && !isWeight) || !takesFaces(face.shape))
    throw new NonRetryableError(
      `${file}: expected a network that takes a face of 1 x 3 x ${FACE_PX} x ${FACE_PX} as float32, and perhaps one number, and gives a face, received ${tensors.map(({ type, shape }) => `${type} ${shape.join(' x ')}`).join(' and ') || 'nothing'}. Use another model.`,
    );
  const number = weight && isWeight ? { name: weight.name, type: weight.type, rank: weight.shape.length } : undefined;
  // What isWeight has seen.
  return { face: face.name, weight: number as Inputs['weight'] };
}

/** Whether a square fits; sizes that are left open have names. */
function takesFaces(shape: readonly (number | string)[]): boolean {
  return [1, 3, FACE_PX, FACE_PX].every((size, index) => typeof shape[index] === 'string' || shape[index] === size);
}

/** How far values of a face are apart at the least. */
const FLAT = 1 / 128;

function unshifted(data: Float32Array): Planes {
  const face = new Float32Array(data.length);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, value] of data.entries()) {
    if (!Number.isFinite(value)) throw new BadTileError('the network gave values that are not numbers');
    const clamped = Math.min(1, Math.max(0, (value + 1) / 2));
    face[index] = clamped;
    if (clamped < low) low = clamped;
    if (clamped > high) high = clamped;
  }
  if (high - low < FLAT) throw new BadTileError('the network gave one flat colour for a face');
  return { data: face, width: FACE_PX, height: FACE_PX };
}
