import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Picture } from '@imaginarium/pictures';
import { FacePaster } from '../faces/face-paster.ts';
import type { RestoredFace } from '../faces/restore-faces.ts';
import { enlargePass, type Pass } from './enlarge-pass.ts';
import { Journal } from './journal.ts';
import { PixelFile } from './pixel-file.ts';
import type { StripTiffShape } from './strip-tiff.ts';
import { alphaFile, spreadColours } from './transparency.ts';

/** What an enlargement needs. */
export interface Enlargement {
  picture: Picture;
  /** `own` leaves the values as the picture's profile means them; otherwise they become sRGB. */
  colours: 'srgb' | 'own';
  /** One network after another, each working on what the one before gave. At least one. */
  passes: readonly Pass[];
  /** Faces that are pasted into what the first pass gives; none when left out. */
  faces?: EnlargedFaces | undefined;
  /** For work files. Where it outlives a process that was killed, rows that are done are found in it and not computed again. */
  folder: string;
  /** What tells this picture and these networks from any others that may have left work in the folder. */
  key: string;
  signal: AbortSignal;
  /** Before the first tile of a pass, with its position, the tiles that an earlier try had done, and all of them. */
  begin(pass: number, done: number, total: number): void;
  /** After each tile, with the position of the pass that is at work and its tiles. */
  progress(pass: number, done: number, total: number): void;
  /** A tile that came out wrong and is tried again in smaller ones. */
  warn(message: string): void;
}

/** What came of an enlargement. */
export interface EnlargedFile {
  path: string;
  shape: StripTiffShape;
}

/** The faces of a picture that is enlarged. */
export interface EnlargedFaces {
  /** What tells them from those of other work on the same picture. */
  key: string;
  /** How much of a face is mixed in, 0 to 1. */
  strength: number;
  /** Restores them. Called before the first pass, unless that is finished. */
  restore(picture: PixelFile): Promise<readonly RestoredFace[]>;
}

/**
 * Enlarges a picture by networks into an uncompressed TIFF of exactly the product of their scales. Memory depends on the tiles, not on the
 * picture.
 * @returns the TIFF: 16 bits a channel when the picture has them, with alpha when the picture has it.
 * @throws {NonRetryableError} when the picture is damaged or a network's output is useless.
 */
export async function enlarge(job: Enlargement): Promise<EnlargedFile> {
  const { picture, folder, signal, begin, progress, warn } = job;
  const plan = planOf(job);
  const last = plan.at(-1);
  if (!last) throw new Error('Nothing was asked for: an enlargement has at least one pass.');
  const done = await lastFinished(plan);
  const enlarged = { path: last.path, shape: last.shape };
  if (done === plan.length - 1) return enlarged;

  const upright = () => picture.open(job.colours).toColourspace(picture.deep ? 'rgb16' : 'srgb');
  const decoded = () => PixelFile.decode(upright(), join(folder, 'source.v'), picture.name);
  const finished = plan[done];
  let source = finished ? await PixelFile.ofTiff(finished.path, finished.shape) : await decoded();
  try {
    await using alpha = picture.hasAlpha
      ? await alphaFile(picture, last.shape.width / picture.width, folder)
      : undefined;
    // Colours under what is transparent are spread once, before the first pass; transparency comes back with the last.
    await using spread = picture.hasAlpha && !finished ? await spreadColours(upright(), picture, folder) : undefined;
    for (const [index, { pass, path, shape, journal }] of plan.entries()) {
      if (index <= done) continue;
      const { faces } = job;
      const paster =
        faces && index === 0 ? new FacePaster(await faces.restore(source), pass.scale, faces.strength) : undefined;
      await enlargePass({
        ...{ ...pass, name: picture.name, source, path, shape, journal, signal, warn },
        spread: index === 0 ? spread : undefined,
        retouch: paster && ((rows) => paster.paste(rows)),
        alpha: index === plan.length - 1 ? alpha : undefined,
        begin: (tiles, total) => begin(index, tiles, total),
        progress: (tiles, total) => progress(index, tiles, total),
      });
      await source[Symbol.asyncDispose]();
      source = await PixelFile.ofTiff(path, shape);
      // A large picture needs the room of what led to it. The journal goes first: it would speak of a file that is gone.
      const before = plan[index - 1];
      if (before) await rm(journalOf(before.path), { force: true });
      await rm(before?.path ?? join(folder, 'source.v'), { force: true });
    }
  } finally {
    await source[Symbol.asyncDispose]();
  }
  return enlarged;
}

const journalOf = (path: string) => `${path}.rows`;

interface PlannedPass {
  pass: Pass;
  path: string;
  shape: StripTiffShape;
  journal: Journal;
}

function planOf({ picture, colours, passes, faces, folder, key }: Enlargement): PlannedPass[] {
  let scale = 1;
  let made = `${key} ${colours} ${faces?.key ?? ''}`;
  return passes.map((pass, index) => {
    scale *= pass.scale;
    // Rows of exact tiles are the same whatever the tiles, so another try may cut them in another way.
    made += ` ${pass.network.name} ${pass.network.exact ? 'exact' : pass.network.corePx} ${pass.scale}`;
    const path = join(folder, `pass-${index + 1}.tiff`);
    const channels = picture.hasAlpha && index === passes.length - 1 ? 4 : 3;
    const size = { width: picture.width * scale, height: picture.height * scale };
    const profile = colours === 'own' && picture.profile ? { profile: picture.profile } : {};
    const shape: StripTiffShape = { ...size, channels, bits: picture.deep ? 16 : 8, ...profile };
    return { pass, path, shape, journal: new Journal(journalOf(path), made) };
  });
}

/** The position of the last pass whose rows are all there from an earlier try; -1 when none is. */
async function lastFinished(plan: readonly PlannedPass[]): Promise<number> {
  const rows = await Promise.all(plan.map(({ journal }) => journal.rows()));
  return plan.findLastIndex(({ shape }, index) => rows[index] === shape.height);
}
