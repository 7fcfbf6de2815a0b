import { freeMemoryMb } from '@imaginarium/pictures';
import type { Network } from '../inference/network.ts';
import { meet, type PixelRows, putPlanes, release } from '../inference/planes.ts';
import { putSquares } from '../inference/squares.ts';
import { type Area, tileGrid } from '../tiling/tile-grid.ts';
import { BlendBand } from './blend-band.ts';
import { enlargeArea, inBytes, inPlanes, type TileWork } from './enlarge-area.ts';
import { fittingCore } from './fitting-core.ts';
import type { Journal } from './journal.ts';
import type { PixelFile } from './pixel-file.ts';
import { RowKeeper } from './row-keeper.ts';
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
  /** Before the first tile, with the number of tiles that an earlier try had done, and of all. */
  begin(done: number, total: number): void;
  /** After each tile. */
  progress(done: number, total: number): void;
  /** A tile that came out wrong and is tried again in smaller ones. */
  warn(message: string): void;
}

/**
 * Enlarges a picture by a network, tile by tile. What is in memory are the rows of one row of tiles.
 * @throws {NonRetryableError} when the network's output is useless.
 */
export async function enlargePass(job: PassJob): Promise<void> {
  const { path, shape, journal } = job;
  const kept = await journal.begin();
  await using target = kept > 0 ? await StripTiff.goOn(path, shape, kept) : await StripTiff.create(path, shape);
  // One try may end for any reason; where two end over the same row, its tiles are what is wrong.
  const corePx = fittingCore(job.network, freeMemoryMb(), Math.max(0, journal.deaths - 1));
  await using keeper = new RowKeeper(target, journal);
  const out = { target, keeper };
  await (job.network.exact ? enlargeExactly(job, out, kept, corePx) : enlargeBlended(job, out, kept));
  await keeper.all();
  job.signal.throwIfAborted();
}

/** Where rows of the result go. */
interface PassOutput {
  target: StripTiff;
  keeper: RowKeeper;
}

/** About so much of the result is in memory at a time, in bytes, unless it is so wide that tiles would become too low for that. */
const BAND_BYTES = 64e6;
const LEAST_ROWS = 128;

/** The rows of the source that tiles may have: those of a wide picture are lower. */
function rowsOfTiles({ shape, scale }: PassJob): number {
  const rowBytes = shape.width * shape.channels * (shape.bits / 8) * scale;
  return Math.max(LEAST_ROWS, Math.floor(BAND_BYTES / rowBytes));
}

/** With tiles that come out as the whole would. Rows of tiles may end anywhere: what is left is cut anew, in smaller ones where memory asks for it. */
async function enlargeExactly(job: PassJob, out: PassOutput, kept: number, beginWith: number): Promise<void> {
  const { source, network, scale } = job;
  let corePx = beginWith;
  const mostRows = rowsOfTiles(job);
  const cut = (top: number, most: number) =>
    tileGrid({ left: 0, top, width: source.width, height: source.height - top }, most, network.overlapPx, mostRows);
  let top = kept / scale;
  const total = cut(0, corePx).flat().length;
  let done = total - cut(top, corePx).flat().length;
  // Rows are written while the network is at work on the next.
  let finishing: Promise<void> | undefined;
  job.begin(done, total);
  try {
    while (top < source.height) {
      const [row = []] = cut(top, corePx);
      const left = cut(top, corePx).flat().length;
      const height = row[0]?.core.height ?? 0;
      const band = await bandOf(job, top, height);
      const result = emptyRows(job, top * scale, height * scale);
      const work = workInto(job, band, result);
      for (const [index, { core }] of row.entries()) {
        const worked = await enlargeArea(job, core, corePx, work);
        // What was too large once is not tried again.
        if (worked < corePx) corePx = worked;
        job.progress(done + index + 1, done + left);
      }
      work.finish();
      release(band);
      await finishing;
      finishing = finishRows(job, out, result);
      // Told by whoever waits for it.
      finishing.catch(() => undefined);
      done += row.length;
      top += height;
    }
    await finishing;
  } finally {
    await finishing?.catch(() => undefined);
  }
}

/** Work on tiles of a band that puts them into rows of the result as they are. */
function workInto(job: PassJob, band: PixelRows, result: PixelRows): TileWork {
  const { scale } = job;
  return (
    inBytes(job, band, (squares, part, tile) =>
      putSquares(squares, part, result, tile.left * scale, tile.top * scale),
    ) ??
    inPlanes(job, band, (enlarged, part, tile) =>
      putPlanes(enlarged, part, result, tile.left * scale, tile.top * scale),
    )
  );
}

/** With tiles that fade into one another: how far the network looks is too far for an overlap. */
async function enlargeBlended(job: PassJob, out: PassOutput, kept: number): Promise<void> {
  const { source, network, scale, shape } = job;
  const grid = tileGrid({ left: 0, top: 0, width: source.width, height: source.height }, network.corePx, 0);
  const sides = grid.flat().flatMap(({ core }) => [core.width, core.height]);
  // Half of the overlap fades; the other half is where a tile's own edge shows.
  const half = Math.min(Math.floor(network.overlapPx / 2), Math.floor(Math.min(...sides) / 2));
  const rim = { ...network, overlapPx: network.overlapPx - half };
  const endOf = (row: (typeof grid)[number]) => {
    const bottom = (row[0]?.core.top ?? 0) + (row[0]?.core.height ?? 0);
    return bottom === source.height ? bottom : bottom - half;
  };
  const total = grid.flat().length;
  const begun = grid.findIndex((row) => endOf(row) * scale > kept);
  let done = grid.slice(0, Math.max(0, begun)).flat().length;
  job.begin(done, total);
  let above: BlendBand | undefined;
  // The row above is worked on again when this goes on where another process ended: it fades into the first one.
  for (const [index, row] of grid.entries()) {
    if (begun < 0 || index < begun - 1) continue;
    const core = row[0]?.core ?? { top: 0, height: 0 };
    const rows = { top: core.top * scale, height: core.height * scale };
    const sums = new BlendBand(rows, half * scale, shape);
    if (above) sums.follow(above);
    const band = await bandOf(job, core.top - half, core.height + 2 * half);
    for (const tile of row) {
      const outer = grownWithin(tile.core, half, source);
      const whole = scaled(tile.core, scale);
      const work = inPlanes({ ...job, network: rim }, band, (enlarged, part, at) => ({
        ...meet(enlarged, part),
        keep: () => sums.add(enlarged, part, at.left * scale, at.top * scale, whole),
      }));
      await enlargeArea({ ...job, network: rim }, outer, Math.max(outer.width, outer.height), work);
      work.finish();
      if (index >= begun) job.progress(++done, total);
    }
    above = sums;
    release(band);
    if (index < begun) continue;
    const from = index === 0 ? 0 : endOf(grid[index - 1] ?? []) * scale;
    const result = emptyRows(job, from, endOf(row) * scale - from);
    sums.write(result);
    await finishRows(job, out, result);
  }
}

/** The rows of the source that tiles of these rows look at. */
async function bandOf({ source, spread, network }: PassJob, top: number, height: number): Promise<PixelRows> {
  // Tiles of multiples begin a little further up.
  const reach = network.overlapPx + (network.sizes.kind === 'multiple' ? network.sizes.of : 0);
  const bandTop = Math.max(0, top - reach);
  const bandHeight = Math.min(source.height, top + height + reach) - bandTop;
  const band = await source.colourRows(bandTop, bandHeight);
  if (spread) {
    const colours = await spread.colourRows(bandTop, bandHeight);
    fillTransparent(band, colours);
    release(colours);
  }
  return band;
}

function emptyRows({ source, shape }: PassJob, top: number, height: number): PixelRows {
  const values = shape.width * shape.channels * height;
  const data = source.full === 255 ? new Uint8Array(values) : new Uint16Array(values);
  return { data, width: shape.width, channels: shape.channels, top, full: source.full };
}

async function finishRows(job: PassJob, { target, keeper }: PassOutput, result: PixelRows): Promise<void> {
  const { alpha, shape, retouch } = job;
  const height = result.data.length / (shape.width * shape.channels);
  await retouch?.(result);
  if (alpha) {
    const opacity = { data: await alpha.rows(result.top, height) };
    putAlpha(result, opacity.data);
    release(opacity);
  }
  await target.write(result.data);
  release(result);
  await keeper.keep(result.top + height);
}

function grownWithin({ left, top, width, height }: Area, by: number, bounds: { width: number; height: number }): Area {
  const [from, above] = [Math.max(0, left - by), Math.max(0, top - by)];
  return {
    ...{ left: from, top: above },
    width: Math.min(bounds.width, left + width + by) - from,
    height: Math.min(bounds.height, top + height + by) - above,
  };
}

function scaled({ left, top, width, height }: Area, scale: number): Area {
  return { left: left * scale, top: top * scale, width: width * scale, height: height * scale };
}

function putAlpha({ data }: PixelRows, alpha: Uint8Array | Uint16Array): void {
  for (let from = 0, to = 3; from < alpha.length; from++, to += 4) data[to] = alpha[from] as number; // Within bounds.
}
