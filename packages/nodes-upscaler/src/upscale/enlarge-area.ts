import { NonRetryableError } from '@imaginarium/node-sdk';
import { BadTileError, checkOutput } from '../inference/check-output.ts';
import type { Network, Planes } from '../inference/network.ts';
import { averageDown, type Met, type PixelRows, planesOf, release } from '../inference/planes.ts';
import { checkSquares, cutPixels, type Squares } from '../inference/squares.ts';
import { type Area, type Tile, tileGrid, widenedTo } from '../tiling/tile-grid.ts';

/** What an area is enlarged by, and who is told of it. */
export interface AreaJob {
  /** The picture's name, for errors. */
  name: string;
  network: Network;
  /** A whole number of which the network's own scale is a multiple: what it makes more is averaged down. */
  scale: number;
  signal: AbortSignal;
  /** A tile that came out wrong and is tried again in smaller ones. */
  warn(message: string): void;
}

/** What was met in a tile, and for who keeps it only when it is good: how to. */
export interface TakenTile extends Met {
  keep?(): void;
}

/** Takes what came of a tile. A tile that is bad is taken again, in parts. */
export type TakeTile = (enlarged: Planes, part: Area, tile: Area) => TakenTile;

/** Below this, tiles are not made smaller any more: the fault is not their size. */
export const MIN_CORE_PX = 64;

/** Work on tiles, one after another. */
export interface TileWork {
  /** Enlarges a tile. What came of it may be put where it belongs while the next is worked on. @throws {BadTileError} when it came out wrong. */
  enlarge(tile: Tile): Promise<void>;
  /** Puts what came of the last tile where it belongs. */
  finish(): void;
}

/**
 * Enlarges one area in tiles of at most `corePx`; a tile that fails is tried again in tiles of half the size.
 * @returns the size of tiles to go on with: smaller than `corePx` when there was not the memory for it.
 * @throws {NonRetryableError} when small tiles fail too.
 */
export async function enlargeArea(job: AreaJob, area: Area, corePx: number, work: TileWork): Promise<number> {
  const { name, network, signal, warn } = job;
  let goOnWith = corePx;
  for (const tile of tileGrid(area, corePx, network.overlapPx).flat()) {
    signal.throwIfAborted();
    try {
      await work.enlarge(tile);
    } catch (error) {
      if (!isWorthSmallerTiles(error)) throw error;
      const smaller = Math.floor(Math.max(tile.core.width, tile.core.height) / 2);
      if (smaller < MIN_CORE_PX)
        throw new NonRetryableError(`${name}: ${error.message}, in small tiles too. Choose another model.`, {
          cause: error,
        });
      warn(
        `A tile of ${tile.read.width} x ${tile.read.height} pixels failed (${error.message}): tried again in smaller ones.`,
      );
      const worked = await enlargeArea(job, tile.core, smaller, work);
      if (!(error instanceof BadTileError)) goOnWith = Math.min(goOnWith, worked);
    }
  }
  return goOnWith;
}

/**
 * Work on tiles of a band as planes: by any network, in any depth.
 * @param take gets the planes of each tile, the part of them that is its core, and the core's place in the input.
 */
export function inPlanes({ network, scale }: AreaJob, band: PixelRows, take: TakeTile): TileWork {
  const enlarge = async (tile: Tile) => {
    const read = widenedTo(network.sizes, tile.read);
    const input = planesOf(band, read);
    const output = await network.enlarge(input);
    const core = scaledArea(tile.core, read, network.scale);
    const factor = network.scale / scale;
    const taken =
      factor === 1
        ? take(output, core, tile.core)
        : take(averageDown(output, core, factor), wholeOf(core, factor), tile.core);
    checkOutput(input, output, taken);
    taken.keep?.();
    for (const planes of [input, output]) release(planes);
  };
  return { enlarge, finish: () => undefined };
}

/**
 * Work on tiles of a band of 8 bits as bytes. The network, which works outside of JavaScript, does not wait until the tile before is put.
 * @param put gets the squares of each tile, the part of them that is its core, and the core's place in the input.
 * @returns undefined where it cannot be done so: the network is not made for it, makes more than is wanted, or the band has 16 bits.
 */
export function inBytes(
  { network, scale }: AreaJob,
  band: PixelRows,
  put: (squares: Squares, part: Area, tile: Area) => void,
): TileWork | undefined {
  const { enlargeBytes } = network;
  if (!enlargeBytes || network.scale !== scale || band.full !== 255) return;
  let putLast: (() => void) | undefined;
  const finish = () => {
    putLast?.();
    putLast = undefined;
  };
  const enlarge = async ({ core, read }: Tile) => {
    const input = cutPixels(band, read);
    const enlarging = enlargeBytes(input);
    finish();
    const squares = await enlarging;
    checkSquares(input, squares);
    release(input);
    putLast = () => {
      put(squares, scaledArea(core, read, 1), core);
      release(squares);
    };
  };
  return { enlarge, finish };
}

/** A core's place in the network's output for the tile that was read. */
function scaledArea(core: Area, read: Area, scale: number): Area {
  return {
    left: (core.left - read.left) * scale,
    top: (core.top - read.top) * scale,
    width: core.width * scale,
    height: core.height * scale,
  };
}

function wholeOf({ width, height }: Area, factor: number): Area {
  return { left: 0, top: 0, width: width / factor, height: height / factor };
}

function isWorthSmallerTiles(error: unknown): error is Error {
  return error instanceof BadTileError || (error instanceof Error && /alloc|out of memory/i.test(error.message));
}
