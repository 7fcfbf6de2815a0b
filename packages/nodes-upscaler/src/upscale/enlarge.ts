import { join } from 'node:path';
import { NonRetryableError } from '@imaginarium/node-sdk';
import type { Picture } from '@imaginarium/pictures';
import { BadTileError, checkOutput } from '../inference/check-output.ts';
import type { Network } from '../inference/network.ts';
import { averageDown, cropPlanes, type PixelRows, planesOf, putPlanes } from '../inference/planes.ts';
import { type Area, tileGrid } from '../tiling/tile-grid.ts';
import { PixelFile } from './pixel-file.ts';
import { StripTiff } from './strip-tiff.ts';
import { alphaFile, fillTransparent, spreadColours } from './transparency.ts';

/** What an enlargement needs. */
export interface Enlargement {
  picture: Picture;
  network: Network;
  /** A whole number of which the network's own scale is a multiple: what it makes more is averaged down. */
  scale: number;
  /** For work files. */
  folder: string;
  signal: AbortSignal;
  /** After each tile. */
  progress(done: number, total: number): void;
  /** A tile that came out wrong and is tried again in smaller ones. */
  warn(message: string): void;
}

/** Below this, tiles are not made smaller any more: the fault is not their size. */
const MIN_CORE_PX = 64;

/**
 * Enlarges a picture by a network, tile by tile, into an uncompressed TIFF of exactly `scale` times its size. What is in memory are the
 * rows of one row of tiles.
 * @returns the path of the TIFF, 16 bits a channel when the picture has them, with alpha when the picture has it.
 * @throws {NonRetryableError} when the picture is damaged or the network's output is useless.
 */
export async function enlarge(job: Enlargement): Promise<string> {
  const { picture, network, scale, folder, signal } = job;
  const colours = picture.deep ? 'rgb16' : 'srgb';
  await using source = await PixelFile.decode(
    picture.open().toColourspace(colours),
    join(folder, 'source.v'),
    picture.name,
  );
  await using alpha = picture.hasAlpha ? await alphaFile(picture, scale, folder) : undefined;
  await using spread = picture.hasAlpha ? await spreadColours(picture, colours, folder) : undefined;
  const channels = alpha ? 4 : 3;
  const path = join(folder, 'enlarged.tiff');
  const size = { width: picture.width * scale, height: picture.height * scale };
  await using target = await StripTiff.create(path, { ...size, channels, bits: source.full === 255 ? 8 : 16 });

  const grid = tileGrid(
    { left: 0, top: 0, width: picture.width, height: picture.height },
    picture,
    network.corePx,
    network.receptiveRadiusPx,
  );
  const total = grid.reduce((sum, row) => sum + row.length, 0);
  let done = 0;
  for (const row of grid) {
    const [first] = row;
    if (!first) continue;
    const { core, read } = first;
    const band = await source.colourRows(read.top, read.height);
    if (spread) fillTransparent(band, await spread.colourRows(read.top, read.height));
    const top = core.top * scale;
    const values = size.width * channels * core.height * scale;
    const data = source.full === 255 ? new Uint8Array(values) : new Uint16Array(values);
    const result: PixelRows = { data, width: size.width, channels, top, full: source.full };
    for (const tile of row) {
      await enlargeArea(job, band, tile.core, network.corePx, result);
      job.progress(++done, total);
    }
    if (alpha) putAlpha(result, await alpha.rows(top, core.height * scale));
    await target.write(data);
  }
  signal.throwIfAborted();
  return path;
}

/** Enlarges one area in tiles of at most `corePx`; where that fails, in tiles of half the size. */
async function enlargeArea(
  job: Enlargement,
  band: PixelRows,
  area: Area,
  corePx: number,
  result: PixelRows,
): Promise<void> {
  const { picture, network, scale, signal, warn } = job;
  for (const tile of tileGrid(area, picture, corePx, network.receptiveRadiusPx).flat()) {
    signal.throwIfAborted();
    try {
      const input = planesOf(band, tile.read);
      const output = await network.enlarge(input);
      checkOutput(input, output);
      const core = cropPlanes(output, scaledArea(tile.core, tile.read, network.scale));
      putPlanes(averageDown(core, network.scale / scale), result, tile.core.left * scale, tile.core.top * scale);
    } catch (error) {
      if (!isWorthSmallerTiles(error)) throw error;
      const smaller = Math.floor(Math.max(tile.core.width, tile.core.height) / 2);
      if (smaller < MIN_CORE_PX)
        throw new NonRetryableError(`${picture.name}: ${error.message}, in small tiles too. Choose another model.`, {
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
