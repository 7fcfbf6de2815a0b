import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { JsonObject } from '@imaginarium/node-sdk';
import type { Picture } from '@imaginarium/pictures';
import { Memory } from '../layers/memory.ts';
import type { Area } from '../tiling/tile-grid.ts';
import type { PixelFile } from '../upscale/pixel-file.ts';
import { alignmentOf } from './align-face.ts';
import { loadDetector } from './detector.ts';
import { type Face, sizeOf } from './face.ts';
import type { FaceModels, SkippedStage } from './face-models.ts';
import { ovalOf } from './face-oval.ts';
import { type FaceWish, findFaces } from './find-faces.ts';
import { countRestored, type RestoredFace, restoreFaces } from './restore-faces.ts';
import { loadRestorer } from './restorer.ts';

/** Which faces are restored, and how. */
export interface RestoreWish extends FaceWish {
  /** Larger faces, by the longer side of their box in pixels of the picture, show more than a network draws. */
  maxSizePx: number;
  /** Whether only the largest of the faces is restored. */
  onlyLargest: boolean;
  /** How much of the restored face is mixed in, 0 to 1. */
  strength: number;
  /** 0 looks good, 1 looks like the person; for networks that know the difference. */
  fidelity: number;
}

/** What tiers restore: faces that show enough to restore, and not so much that a network would take some of it away. */
export const FACES_IN_TIERS: RestoreWish = {
  ...{ minScore: 0.7, minSizePx: 32, maxSizePx: 512 },
  ...{ onlyLargest: false, strength: 0.8, fidelity: 0.7 },
};

/** What came of a stage, as the field of a result says it. */
export type StageReport = {
  stage: string;
  state: 'done' | 'skipped';
  /** In words: what was done, or why it was not. */
  note: string;
} & JsonObject;

/** What finding and restoring faces needs. */
export interface FaceJob {
  picture: Picture;
  models: FaceModels & { skipped: readonly SkippedStage[] };
  wish: RestoreWish;
  /** What stands for the picture's bytes. */
  source: string;
  /** For the faces that were found and restored: what an earlier try left there is used. */
  folder: string;
  signal: AbortSignal;
  /** The share that is done of finding and restoring together, 0 to 1. */
  progress(share: number, message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** The share of the work that finding is, where there is something to restore. */
const SHARE_OF_FINDING = 0.1;

/** The faces of one picture, from looking for them to the report of what was done. */
export class FaceWork {
  readonly #job: FaceJob;
  readonly #found: readonly Face[];
  readonly #chosen: readonly Face[];
  #restored: number | undefined;

  private constructor(job: FaceJob, found: readonly Face[]) {
    this.#job = job;
    this.#found = found;
    this.#chosen = chosenFrom(found, job.wish);
  }

  /** Looks for faces, unless there is no network for it. */
  static async begin(job: FaceJob): Promise<FaceWork> {
    const { models, picture, wish, signal, progress, info, warn } = job;
    for (const { reason } of models.skipped) warn(`${reason}.`);
    if (!models.detector) return new FaceWork(job, []);
    // Found again, a face could be a hair's breadth elsewhere, and what is half pasted has to fit the rest.
    const memory = new Memory<Face[]>(join(job.folder, 'faces.json'), keyOf(job));
    const known = await memory.read();
    if (known) return new FaceWork(job, known);
    const started = performance.now();
    const detector = await loadDetector(models.detector);
    const found = await findFaces(picture, detector, wish, {
      signal,
      progress: (share) => progress(SHARE_OF_FINDING * share, 'Finding faces'),
    });
    await memory.write(found);
    info(`Finding faces took ${secondsSince(started)} s: ${counted(found.length)}.`);
    return new FaceWork(job, found);
  }

  /** Whether there is a face to restore, and a network for it. */
  get hasWork(): boolean {
    return this.#chosen.length > 0 && this.#job.models.restorer !== undefined;
  }

  /** How many faces are restored, once {@link restore} is called. */
  get count(): number {
    return this.hasWork ? this.#chosen.length : 0;
  }

  /** The parts of the picture that restored faces change. */
  get areas(): Area[] {
    if (!this.hasWork) return [];
    return this.#chosen.flatMap((face) => {
      const toFace = alignmentOf(face);
      return toFace ? ovalOf(toFace, this.#job.picture) : [];
    });
  }

  /** What tells the restored faces from those of other work. */
  get key(): string {
    if (!this.hasWork) return '';
    return keyOf(this.#job);
  }

  get strength(): number {
    return this.#job.wish.strength;
  }

  /** Restores the faces; those that were restored before a process was killed are there already. */
  async restore(pixels: PixelFile): Promise<readonly RestoredFace[]> {
    const { models, wish, folder, signal, progress, info, warn } = this.#job;
    if (!models.restorer || !this.hasWork) return [];
    const started = performance.now();
    const total = this.#chosen.length;
    progress(SHARE_OF_FINDING, `Restoring face 1 of ${total}`);
    const restored = await restoreFaces(pixels, {
      ...{ faces: this.#chosen, restorer: await loadRestorer(models.restorer) },
      ...{ fidelity: wish.fidelity, folder, key: this.key, signal, warn },
      progress: (done) =>
        progress(
          SHARE_OF_FINDING + ((1 - SHARE_OF_FINDING) * done) / total,
          `Restoring face ${Math.min(done + 1, total)} of ${total}`,
        ),
    });
    this.#restored = restored.length;
    info(`Restoring ${counted(restored.length)} took ${secondsSince(started)} s.`);
    return restored;
  }

  /** How many faces were found, and how many of them restored. */
  async counts(): Promise<{ found: number; restored: number }> {
    const { folder } = this.#job;
    // They may all have been restored and pasted before a process was killed.
    const restored =
      this.#restored ?? (this.hasWork ? await countRestored({ faces: this.#chosen, folder, key: this.key }) : 0);
    return { found: this.#found.length, restored };
  }

  /** What was done, stage by stage. */
  async report(): Promise<StageReport[]> {
    const { models } = this.#job;
    const skipped = (stage: string) => {
      const found = models.skipped.find((each) => each.stage === stage);
      return found && { stage, state: 'skipped' as const, note: `${found.reason}.` };
    };
    const done = { stage: 'detect-faces', state: 'done' as const, note: `${counted(this.#found.length)} found.` };
    return [
      skipped('detect-faces') ?? { ...done, faces: this.#found.length },
      skipped('restore-faces') ?? (await this.#outcome()),
    ];
  }

  async #outcome(): Promise<StageReport> {
    const stage = 'restore-faces';
    if (!this.hasWork) {
      const note =
        this.#found.length === 0 ? 'There was no face to restore.' : 'The faces are too large to gain by it.';
      return { stage, state: 'skipped', note };
    }
    const { restored } = await this.counts();
    const title = this.#job.models.restorer?.entry.title ?? '';
    const note = `${counted(restored)} of ${this.#found.length} restored by ${title}.`;
    return { stage, state: 'done', note, faces: restored };
  }
}

/** What tells the faces of one job from those of others. */
function keyOf({ source, models, wish }: FaceJob): string {
  const made = [source, models.detector?.entry.sha256, models.restorer?.entry.sha256, wish];
  return `faces ${createHash('sha256').update(JSON.stringify(made)).digest('hex')}`;
}

/** The faces that are restored, of those that were found, the largest first. */
function chosenFrom(found: readonly Face[], { maxSizePx, onlyLargest }: RestoreWish): Face[] {
  return (onlyLargest ? found.slice(0, 1) : found).filter((face) => sizeOf(face) <= maxSizePx);
}

function counted(faces: number): string {
  return faces === 1 ? '1 face' : `${faces} faces`;
}

function secondsSince(started: number): string {
  return ((performance.now() - started) / 1000).toFixed(1);
}
