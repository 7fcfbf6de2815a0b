import type { Picture } from '@imaginarium/pictures';
import { type PixelRows, release } from '../inference/planes.ts';
import type { Area } from '../tiling/tile-grid.ts';
import type { Pass } from '../upscale/enlarge-pass.ts';
import { Journal } from '../upscale/journal.ts';
import { PixelFile } from '../upscale/pixel-file.ts';
import { readAhead } from '../upscale/read-ahead.ts';
import { RowKeeper } from '../upscale/row-keeper.ts';
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
  /** The enlarged picture, with room for {@link leadRowsFor} before its first row. */
  path: string;
  shape: StripTiffShape;
  /** What tells this picture and its networks from others that may have left work beside the file. */
  key: string;
  signal: AbortSignal;
  progress(share: number, message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** Rows are put together in pieces of about so many bytes, or of a part of the picture if that is less: room for a piece is needed beside it. */
const PIECE_BYTES = 8_000_000;
const LEAST_PIECES = 16;

/** The room that an enlarged picture needs before its first row, in rows. */
export function leadRowsFor({ width, height, channels, bits }: StripTiffShape): number {
  const most = Math.floor(PIECE_BYTES / (width * channels * (bits / 8)));
  return Math.max(1, Math.min(Math.ceil(height / LEAST_PIECES), most));
}

/**
 * The stages after a picture was enlarged: quality pass, background enhancement, and the merge of layers, in the file itself. A process may be
 * killed at any moment; rows that are put together are not put together again, and the result is the same, bit for bit.
 */
export async function putTogether(job: LayerJob): Promise<void> {
  const { picture, scale, path, shape, signal, progress } = job;
  const key = `${job.key} ${job.matchColours} ${job.background} ${job.quality !== undefined} ${JSON.stringify(job.except)}`;
  const journal = new Journal(`${path}.merged`, key);
  if ((await journal.rows()) === shape.height) return;

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
  await timed(job, 'Layer merge', () => mergeRows(job, merge, journal));
}

async function mergeRows(
  { path, shape, signal, progress }: LayerJob,
  merge: LayerMerge,
  journal: Journal,
): Promise<void> {
  const lead = shape.leadRows ?? 0;
  if (lead < 1) throw new Error('An enlarged picture needs room before its first row.');
  await using from = await PixelFile.ofTiff(path, shape);
  const done = await journal.begin();
  await using to = await StripTiff.goOn(path, { ...shape, leadRows: 0 }, done);
  await using keeper = new RowKeeper(to, journal);
  const read = (top: number, count: number) => from.colourRows(top, count);
  for await (const { top, count, rows } of readAhead(done, shape.height, lead, read)) {
    signal.throwIfAborted();
    merge.apply(rows);
    // What is written now lies where rows were read before: these have to be kept first.
    await keeper.all();
    await to.write(rows.data);
    release(rows);
    await keeper.keep(top + count);
    progress(0.4 + (0.6 * (top + count)) / shape.height, 'Putting the layers together');
  }
  await keeper.all();
}

/** Compares with the source, and mends what is wrong; once: the merge changes what was compared. */
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
