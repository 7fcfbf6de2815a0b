import { NonRetryableError } from '@imaginarium/node-sdk';
import type { InferenceSession } from 'onnxruntime-node';
import type { InstalledModel } from '../catalogue/find-installed.ts';

/** Pixels as networks take them: all reds, then all greens, then all blues; 0 is black, 1 is full. */
export interface Planes {
  data: Float32Array;
  /** Pixels. */
  width: number;
  height: number;
}

/** A network that is loaded and was checked to take and give pictures. */
export interface Network {
  /** The name and the bytes it was made of: equal only where its results are. */
  name: string;
  scale: number;
  receptiveRadiusPx: number;
  corePx: number;
  /** Enlarges a tile. Blocks the process's thread until it is done. */
  enlarge(tile: Planes): Promise<Planes>;
}

const loaded = new Map<string, Promise<Network>>();

/**
 * Loads a network, once in a process: sessions that are made and released again leak memory.
 * @throws {NonRetryableError} when the file is no network that this package can run.
 */
export function loadNetwork(model: InstalledModel): Promise<Network> {
  let network = loaded.get(model.path);
  if (!network) {
    network = open(model);
    loaded.set(model.path, network);
    // A failure is not kept: the file may be mended.
    network.catch(() => loaded.delete(model.path));
  }
  return network;
}

async function open({ entry, path }: InstalledModel): Promise<Network> {
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    // Published files print hundreds of warnings about their own weights.
    logSeverityLevel: 3,
    // Threads that wait for the next tile would otherwise keep a core busy.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new NonRetryableError(`${entry.file} cannot be run: ${reason}. Use another model.`, { cause });
  });
  refuseTensors(session, entry.file, entry.input, entry.output);

  return {
    name: `${entry.name} ${entry.sha256}`,
    scale: entry.scale,
    receptiveRadiusPx: entry.receptiveRadiusPx,
    corePx: entry.corePx,
    async enlarge(tile) {
      const feed = new Tensor('float32', tile.data, [1, 3, tile.height, tile.width]);
      const results = await session.run({ [entry.input]: feed });
      const output = results[entry.output];
      const [, channels, height, width] = output?.dims ?? [];
      if (!output || channels !== 3 || width !== tile.width * entry.scale || height !== tile.height * entry.scale)
        throw new NonRetryableError(
          `${entry.file}: expected a picture of ${tile.width * entry.scale} x ${tile.height * entry.scale}, received a tensor of ${output?.dims.join(' x ') ?? 'nothing'}. Use another model.`,
        );
      // Checked to be float32 when it was loaded.
      return { data: output.data as Float32Array, width, height };
    },
  };
}

function refuseTensors(session: InferenceSession, file: string, input: string, output: string): void {
  const tensors = [
    { side: 'input', name: input, found: session.inputMetadata.find((entry) => entry.name === input) },
    { side: 'output', name: output, found: session.outputMetadata.find((entry) => entry.name === output) },
  ];
  for (const { side, name, found } of tensors) {
    if (!found?.isTensor)
      throw new NonRetryableError(`${file}: expected an ${side} called "${name}", found none. Use another model.`);
    if (found.type !== 'float32')
      throw new NonRetryableError(
        `${file}: expected float32 at its ${side}, received ${found.type}. Use its float32 version.`,
      );
    if (found.shape.length !== 4)
      throw new NonRetryableError(
        `${file}: expected a picture (4 dimensions) at its ${side}, received ${found.shape.length} dimensions. Use another model.`,
      );
  }
}
