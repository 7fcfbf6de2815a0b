import { NonRetryableError } from '@imaginarium/node-sdk';
import { BadTileError, checkOutput } from '../inference/check-output.ts';
import type { Network } from '../inference/network.ts';
import { averageDown, type PixelRows, planesOf, putPlanes, putWhole } from '../inference/planes.ts';
import { type Area, tileGrid, widenedTo } from '../tiling/tile-grid.ts';
import type { Journal } from './journal.ts';
import type { PixelFile } from './pixel-file.ts';
import { StripTiff, type StripTiffShape } from './strip-tiff.ts';
import { fillTransparent } from './transparency.ts';

/** One way of a picture through one network. */
export interface Pass {
  network: Network;
  /** A whole number of which the network's own scale is a multiple: what it makes more is averaged down. */
  scale: number;
}

/** What a pass works on, and where it leaves the result. */
export interface PassJob extends Pass {
  /** The picture's name, for errors. */
  name: string;
  source: PixelFile;
  /** The same with its colours spread under what is transparent. */
  spread: PixelFile | undefined;
  /** Changes rows of the result when all their tiles are there; nothing when left out. */
  retouch?: ((rows: PixelRows) => Promise<void>) | undefined;
  /** Transparency of the result, in its size. */
  alpha: PixelFile | undefined;
  /** The uncompressed TIFF it writes. */
  path: string;
  shape: StripTiffShape;
  /** Says which rows an earlier try has done already, and remembers those of this one. */
  journal: Journal;
  signal: AbortSignal;
  /** Before the first tile, with the number of tiles that an earlier try had done. */
  begin(done: number): void;
  /** After each tile. */
  progress(done: number, total: number): void;
  /** A tile that came out wrong and is tried again in smaller ones. */
  warn(message: string): void;
}

/** Below this, tiles are not made smaller any more: the fault is not their size. */
const MIN_CORE_PX = 64;

/**
 * Enlarges a picture by a network, tile by tile. What is in memory are the rows of one row of tiles.
 * @throws {NonRetryableError} when the network's output is useless.
 */
export async function enlargePass(job: PassJob): Promise<void> {
  const { source, spread, alpha, network, scale, path, shape, journal } = job;
  const grid = tileGrid(
    { left: 0, top: 0, width: source.width, height: source.height },
    network.corePx,
    network.overlapPx,
  );
  const kept = await journal.begin();
  await using target = kept > 0 ? await StripTiff.goOn(path, shape, kept) : await StripTiff.create(path, shape);
  const total = grid.flat().length;
  const left = grid.filter(([first]) => first && first.core.top * scale >= kept);
  let done = total - left.flat().length;
  job.begin(done);
  for (const row of left) {
    const [first] = row;
    if (!first) continue;
    const { core, read } = first;
    const top = core.top * scale;
    const bandTop = Math.max(0, read.top);
    const bandHeight = Math.min(source.height, read.top + read.height) - bandTop;
    const band = await source.colourRows(bandTop, bandHeight);
    if (spread) fillTransparent(band, await spread.colourRows(bandTop, bandHeight));
    const values = shape.width * shape.channels * core.height * scale;
    const data = source.full === 255 ? new Uint8Array(values) : new Uint16Array(values);
    const result: PixelRows = { data, width: shape.width, channels: shape.channels, top, full: source.full };
    for (const tile of row) {
      await enlargeArea(job, band, tile.core, network.corePx, result);
      job.progress(++done, total);
    }
    await job.retouch?.(result);
    if (alpha) putAlpha(result, await alpha.rows(top, core.height * scale));
    await target.write(data);
    await target.flush();
    await journal.note(top + core.height * scale);
  }
  job.signal.throwIfAborted();
}

/** Enlarges one area in tiles of at most `corePx`; where that fails, in tiles of half the size. */
async function enlargeArea(
  job: PassJob,
  band: PixelRows,
  area: Area,
  corePx: number,
  result: PixelRows,
): Promise<void> {
  const { name, network, scale, signal, warn } = job;
  for (const tile of tileGrid(area, corePx, network.overlapPx).flat()) {
    signal.throwIfAborted();
    try {
      const read = widenedTo(network.sizes, tile.read);
      const input = planesOf(band, read);
      const output = await network.enlarge(input);
      const core = scaledArea(tile.core, read, network.scale);
      const [left, top] = [tile.core.left * scale, tile.core.top * scale];
      const met =
        network.scale === scale
          ? putPlanes(output, core, result, left, top)
          : putWhole(averageDown(output, core, network.scale / scale), result, left, top);
      checkOutput(input, output, met);
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
      await enlargeArea(job, band, tile.core, smaller, result);
    }
  }
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

function isWorthSmallerTiles(error: unknown): error is Error {
  return error instanceof BadTileError || (error instanceof Error && /alloc|out of memory/i.test(error.message));
}

function putAlpha({ data }: PixelRows, alpha: Uint8Array | Uint16Array): void {
  for (let from = 0, to = 3; from < alpha.length; from++, to += 4) data[to] = alpha[from] as number; // Within bounds.
}
