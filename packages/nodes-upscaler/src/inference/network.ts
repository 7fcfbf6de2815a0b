import { readFile } from 'node:fs/promises';
import { type ModelEntry, NonRetryableError } from '@imaginarium/node-sdk';
import type { InferenceSession } from 'onnxruntime-node';
import type { InstalledModel } from '../catalogue/find-installed.ts';
import { BYTES_IN, BYTES_OUT, networkForBytes } from '../onnx/for-bytes.ts';
import { isExact, overlapOf } from '../tiling/overlap.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { RestingSession } from './resting-session.ts';
import type { BytePixels, Squares } from './squares.ts';

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
  /** How far tiles overlap on each side, in input pixels. */
  overlapPx: number;
  /** Whether tiles with that overlap come out as the whole would; where not, they are blended. */
  exact: boolean;
  corePx: number;
  sizes: ModelEntry['sizes'];
  /** What a process that runs its tiles holds at its most, in megabytes, as it was measured here or is known; null when nobody knows. */
  peakMemoryMb: number | null;
  /** Enlarges a tile. Blocks the process's thread until it is done. */
  enlarge(tile: Planes): Promise<Planes>;
  /** Enlarges a tile of 8 bits, with less work around the network; missing where a network cannot. What comes is {@link enlarge}'s, rounded. */
  enlargeBytes?(tile: BytePixels): Promise<Squares>;
  /** Gives back the memory that it keeps from tile to tile. It takes it again when it is used the next time. */
  rest(): Promise<void>;
}

/** Larger networks take so long that the work around them is nothing, and are not looked into. */
const LARGEST_FOR_BYTES = 4e6;

/** For an entry that does not say how large its tiles should be. */
const DEFAULT_CORE_PX = 128;

const loaded = new Map<string, Promise<Network>>();

/**
 * Loads a network, once in a process: sessions that are made and released again leak memory.
 * @throws {NonRetryableError} when the file is no network that this package can run.
 */
export function loadNetwork(model: InstalledModel): Promise<Network> {
  const key = `${model.path} ${model.entry.sha256}`;
  let network = loaded.get(key);
  if (!network) {
    network = open(model);
    loaded.set(key, network);
    // A failure is not kept: the file may be mended.
    network.catch(() => loaded.delete(key));
  }
  return network;
}

async function open(model: InstalledModel): Promise<Network> {
  const { entry, speed } = model;
  const planes = new RestingSession(() => openForPlanes(model));
  const graph = await graphForBytes(model);
  const bytes = graph && new RestingSession(() => openSession(graph, entry.file));
  // A file that cannot be run is refused now. Pictures of 16 bits are rare: what works on bytes has a second session only for them.
  await (bytes ?? planes).use(async () => undefined);
  return {
    name: `${entry.name} ${entry.sha256}`,
    scale: entry.scale,
    overlapPx: overlapOf(entry),
    exact: isExact(entry),
    corePx: entry.corePx ?? DEFAULT_CORE_PX,
    sizes: entry.sizes,
    peakMemoryMb: speed?.peakMemoryMb ?? entry.peakMemoryMb,
    enlarge: (tile) => planes.use((opened) => enlargePlanes(opened, entry, tile)),
    ...(bytes ? { enlargeBytes: (tile) => bytes.use((opened) => enlargeBytes(opened, entry, tile)) } : {}),
    rest: async () => void (await Promise.all([planes.rest(), bytes?.rest()])),
  };
}

async function openForPlanes({ entry, path }: InstalledModel): Promise<OpenSession> {
  const opened = await openSession(path, entry.file);
  refuseTensors(opened.session, entry.file, ...namesIn(opened, entry));
  return opened;
}

/** What a network's input and output are called. */
function namesIn({ session }: OpenSession, { inputs, outputs }: ModelEntry): [input: string, output: string] {
  return [inputs[0]?.name ?? session.inputNames[0] ?? '', outputs[0]?.name ?? session.outputNames[0] ?? ''];
}

async function enlargePlanes(opened: OpenSession, entry: ModelEntry, tile: Planes): Promise<Planes> {
  const [input, output] = namesIn(opened, entry);
  const values = valuesIn(tile.data, entry.inputs[0]?.range);
  const feed = new opened.Tensor('float32', values, [1, 3, tile.height, tile.width]);
  const results = await opened.session.run({ [input]: feed });
  const picture = results[output];
  const [, channels, height, width] = picture?.dims ?? [];
  if (!picture || channels !== 3 || width !== tile.width * entry.scale || height !== tile.height * entry.scale)
    throw new NonRetryableError(
      `${entry.file}: expected a picture of ${tile.width * entry.scale} x ${tile.height * entry.scale}, received a tensor of ${picture?.dims.join(' x ') ?? 'nothing'}. Use another model.`,
    );
  // Checked to be float32 when it was loaded.
  return { data: valuesOf(picture.data as Float32Array, entry.outputs[0]?.range), width, height };
}

/** The network as one for bytes; undefined where it is not made for that. */
async function graphForBytes({ entry, path }: InstalledModel): Promise<Uint8Array | undefined> {
  const { inputs, outputs, sizes, bytes } = entry;
  const isPlain = [...inputs, ...outputs].every(({ range: [low, high] = [0, 1] }) => low === 0 && high === 1);
  if (!isPlain || sizes.kind !== 'any' || (bytes ?? LARGEST_FOR_BYTES) >= LARGEST_FOR_BYTES) return;
  return networkForBytes(await readFile(path));
}

async function enlargeBytes({ session, Tensor }: OpenSession, entry: ModelEntry, tile: BytePixels): Promise<Squares> {
  const { data, width, height } = tile;
  const { scale, file } = entry;
  const results = await session.run({ [BYTES_IN]: new Tensor('uint8', data, [1, height, width, 3]) });
  const squares = results[BYTES_OUT];
  const expected = [1, height, width, 3 * scale ** 2];
  if (squares?.dims.join() !== expected.join())
    throw new NonRetryableError(
      `${file}: expected squares of ${expected.join(' x ')}, received a tensor of ${squares?.dims.join(' x ') ?? 'nothing'}. Use another model.`,
    );
  // Its output is declared as bytes.
  return { data: squares.data as Uint8Array, width, height, scale };
}

type Range = [number, number] | undefined;

/** Turns values from 0 to 1 into those that a network takes; most take them as they are. */
function valuesIn(data: Float32Array, [low, high]: NonNullable<Range> = [0, 1]): Float32Array {
  return low === 0 && high === 1 ? data : data.map((value) => low + value * (high - low));
}

/** Turns values that a network gives into those from 0 to 1. */
function valuesOf(data: Float32Array, [low, high]: NonNullable<Range> = [0, 1]): Float32Array {
  return low === 0 && high === 1 ? data : data.map((value) => (value - low) / (high - low));
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
