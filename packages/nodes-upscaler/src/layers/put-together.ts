import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Picture } from '@imaginarium/pictures';
import { type PixelRows, release } from '../inference/planes.ts';
import type { Area } from '../tiling/tile-grid.ts';
import type { Pass } from '../upscale/enlarge-pass.ts';
import { PixelFile } from '../upscale/pixel-file.ts';
import { readAhead } from '../upscale/read-ahead.ts';
import { StripTiff, type StripTiffShape } from '../upscale/strip-tiff.ts';
import { flatAreas } from './flat-areas.ts';
import { Memory } from './memory.ts';
import { LayerMerge } from './merge.ts';
import { drawnByNetworks, drawnByResampling, findBadAreas, putArea } from './quality.ts';
import { shiftOutside } from './shift-outside.ts';
import { sourcePixels } from './source-pixels.ts';
import { type Survey, survey } from './survey.ts';

/** What happens to an enlarged picture before it is written. */
export interface LayerWork {
  /** Adds what is missing to the source's colours, in the large. */
  matchColours: boolean;
  /** Smooths noise in flat areas. */
  background: boolean;
  /** Draws areas again that do not show what the source shows, by these networks. */
  quality: (() => Promise<readonly Pass[]>) | undefined;
  /** Areas of the source that are meant to differ and are left alone, such as restored faces. */
  except: readonly Area[];
}

/** An enlarged picture, and where it came from. */
export interface LayerJob extends LayerWork {
  picture: Picture;
  colours: 'srgb' | 'own';
  scale: number;
  /** The enlarged picture. Areas of it that are wrong are changed. */
  path: string;
  shape: StripTiffShape;
  /** What tells this picture and its networks from others that may have left work beside the file. */
  key: string;
  signal: AbortSignal;
  progress(share: number, message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** Rows are put together in pieces of about so many bytes. */
const PIECE_BYTES = 8_000_000;

/**
 * The stages after a picture was enlarged: quality pass, background enhancement, and the merge of layers. A process may be killed at any moment:
 * what it found out and drew again is kept, the layers are merged anew, and the result is the same, bit for bit.
 * @returns the TIFF that it is put together in, beside the enlarged picture and of its shape.
 */
export async function putTogether(job: LayerJob): Promise<string> {
  const { picture, scale, signal, progress } = job;
  const key = `${job.key} ${job.matchColours} ${job.background} ${job.quality !== undefined} ${JSON.stringify(job.except)}`;
  progress(0, 'Comparing it with the source');
  const source = await sourcePixels(picture.open(job.colours), picture);
  const seen = await surveyed(job, source, key);
  signal.throwIfAborted();
  const over = job.background
    ? await timed(job, 'Background enhancement', async () => flatAreas(source, seen, job.except))
    : undefined;
  signal.throwIfAborted();
  const shift = job.matchColours ? shiftOutside(seen, job.except) : undefined;
  const merge = new LayerMerge({ width: picture.width, height: picture.height, scale, shift, over });
  return timed(job, 'Layer merge', () => mergeRows(job, merge));
}

/** The disk is not waited for: what a process that was killed left of this is merged anew, sooner than it could be kept. */
async function mergeRows({ path, shape, signal, progress }: LayerJob, merge: LayerMerge): Promise<string> {
  const merged = await freshFileFor(path);
  const rowBytes = shape.width * shape.channels * (shape.bits / 8);
  await using from = await PixelFile.ofTiff(path, shape);
  await using to = await StripTiff.create(merged, shape);
  const read = (top: number, count: number) => from.colourRows(top, count);
  const most = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
  for await (const { top, count, rows } of readAhead(0, shape.height, most, read)) {
    signal.throwIfAborted();
    merge.apply(rows);
    await to.write(rows.data);
    release(rows);
    progress(0.4 + (0.6 * (top + count)) / shape.height, 'Putting the layers together');
  }
  return merged;
}

/** A file of its own for each try: one that was taken for dead and wakes up writes into nothing that another reads. What tries before left goes. */
async function freshFileFor(path: string): Promise<string> {
  const [folder, begin] = [dirname(path), `${basename(path)}.merged-`];
  const left = (await readdir(folder)).filter((name) => name.startsWith(begin));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
  return join(folder, `${begin}${randomUUID()}`);
}

/** Compares with the source, and mends what is wrong; once, whatever tries there are. */
async function surveyed(job: LayerJob, source: PixelRows, key: string): Promise<Survey> {
  const memory = new Memory<Survey>(`${job.path}.survey`, key);
  const known = await memory.read();
  if (known) return known;
  const seen = job.quality ? await timed(job, 'Quality pass', () => mended(job, source, key)) : await look(job, source);
  await memory.write(seen);
  return seen;
}

/** The quality pass: what does not show what the source shows is drawn again. */
async function mended(job: LayerJob, source: PixelRows, key: string): Promise<Survey> {
  const seen = await look(job, source);
  const found = findBadAreas(seen, job.picture.width, job.picture.height, job.except);
  // What has to be drawn again is kept: half of it done, another look would find less.
  const doubts = new Memory<{ bad: Area[] }>(`${job.path}.bad`, key);
  const bad = (await doubts.read())?.bad ?? found.bad;
  if (bad.length === 0) {
    job.info(
      `Quality pass: all ${found.areas} areas show what the source shows. The least alike differs by ${found.worst.toFixed(1)} of 255 levels.`,
    );
    return seen;
  }
  await doubts.write({ bad });
  await drawAgain(job, source, bad, found.areas);
  return look(job, source);
}

async function look({ path, shape, scale, progress }: LayerJob, source: PixelRows): Promise<Survey> {
  await using enlarged = await PixelFile.ofTiff(path, shape);
  return await survey(enlarged, source, scale, (share) => progress(0.4 * share, 'Comparing it with the source'));
}

/** Draws areas again by the networks that come with the package; where even that does not show what the source shows, by resampling. */
async function drawAgain(job: LayerJob, source: PixelRows, bad: readonly Area[], areas: number): Promise<void> {
  const { path, shape, scale, signal } = job;
  const passes = (await job.quality?.()) ?? [];
  for (const area of bad) {
    signal.throwIfAborted();
    await putArea(path, shape, area, scale, await drawnByNetworks(source, area, passes));
  }
  const again = await look(job, source);
  const still = findBadAreas(again, job.picture.width, job.picture.height, job.except).bad;
  for (const area of still) {
    signal.throwIfAborted();
    await putArea(path, shape, area, scale, await drawnByResampling(source, area, scale));
  }
  job.warn(
    `Quality pass: ${bad.length} of ${areas} areas did not show what the source shows and were drawn again, ${still.length} of them by resampling.`,
  );
}

async function timed<T>({ info }: LayerJob, title: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  info(`${title} took ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return result;
}
