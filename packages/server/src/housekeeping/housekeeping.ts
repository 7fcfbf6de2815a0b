import type { RemovedFiles } from '../adapters/disk/unowned-files.ts';
import { RepeatedLook } from '../repeated-look.ts';

/** What nobody needs any more. Moments are ISO 8601; each gives how many it removed. */
export interface Leftovers {
  /** Of these ids, those of files that no workspace owns. */
  unowned(ids: readonly string[]): Promise<string[]>;
  /** Removes runs that ended before a moment, with all that is recorded of them. */
  removeRuns(endedBefore: string): Promise<number>;
  /** Removes graphs kept before a moment that no run and no version has. */
  removeGraphs(keptBefore: string): Promise<number>;
  /**
   * Has workspaces own files no longer that runs made and nobody needs any more, but for those made later than a moment and those of results
   * of the step cache used later.
   */
  disownFiles(before: { madeBefore: string; resultsUsedBefore: string }): Promise<number>;
  /** Removes results of the step cache that were last used before a moment. */
  removeResults(usedBefore: string): Promise<number>;
  /** Removes addresses for trying webhooks that expired before a moment. */
  removeTestTriggers(expiredBefore: string): Promise<number>;
  /** Removes notices made before a moment, read or not. */
  removeNotices(madeBefore: string): Promise<number>;
}

/** How much of each was removed in one go. */
export interface Swept {
  runs: number;
  graphs: number;
  results: number;
  triggers: number;
  notices: number;
  /** Originals of assets, archived or removed. */
  originals: number;
  /** Files that nobody needs, which a workspace owned. */
  disowned: number;
  /** Files that no workspace owns, with their bytes. */
  files: number;
  bytes: number;
  /** Files that are gone, of which thumbnails and the like were left. */
  derived: number;
}

export interface HousekeepingOptions {
  leftovers: Leftovers;
  files: { remove(): Promise<RemovedFiles> };
  /** What was made from files and goes with them. @returns of how many files. */
  derived: { remove(): Promise<number> };
  /** Has originals of assets leave that are due at a moment. @returns how many. */
  originals: { sweep(now: Date): Promise<number> };
  /** Removes what processes that died had begun to write, and lasting work of runs that ended. */
  removeForgotten(): Promise<void>;
  /** Runs are removed so many days after their end; null keeps them. */
  keepRunsDays: number | null;
  log: { info(data: object, message: string): void; error(data: object, message: string): void };
  /** Told what was removed. */
  onSwept?: (swept: Swept) => void;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A result that answered nobody for so long is forgotten. */
const RESULT_DAYS = 30;
/** What people were told so long ago is told no more, read or not. */
const NOTICE_DAYS = 90;
/** Graphs younger than this may belong to what is just being stored. */
const GRAPH_DAYS = 1;
/** Files and results younger than this may belong to what is just being stored. */
const FILE_DAYS = 1;
/** A server that has just started has better things to do. */
const FIRST_AFTER_MS = 30_000;

/** Up to when a sweep at a moment looks back, as ISO 8601. `runsEndedBefore` is null where runs are kept. */
export function sweepMoments(now: Date, keepRunsDays: number | null) {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS).toISOString();
  return {
    daysAgo,
    runsEndedBefore: keepRunsDays === null ? null : daysAgo(keepRunsDays),
    filesUnusedBefore: daysAgo(FILE_DAYS),
  };
}

/** Removes what nobody needs any more, soon after the start and then once a day. Every server may do it: what is gone is gone. */
export class Housekeeping {
  readonly #options: HousekeepingOptions;
  readonly #looks = new RepeatedLook(() => this.#tidy(), DAY_MS);

  constructor(options: HousekeepingOptions) {
    this.#options = options;
  }

  start(): void {
    this.#looks.start(FIRST_AFTER_MS);
  }

  /** Resolves when nothing is being removed any more. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Removes everything that nobody needs at a moment. @throws what the database or the disk says. */
  async sweep(now: Date): Promise<Swept> {
    const { leftovers, originals, files, derived, removeForgotten, keepRunsDays, onSwept } = this.#options;
    const { runsEndedBefore, filesUnusedBefore, daysAgo } = sweepMoments(now, keepRunsDays);
    const runs = runsEndedBefore === null ? 0 : await leftovers.removeRuns(runsEndedBefore);
    const swept = {
      runs,
      // Only a run that goes leaves a graph behind.
      graphs: runs === 0 ? 0 : await leftovers.removeGraphs(daysAgo(GRAPH_DAYS)),
      results: await leftovers.removeResults(daysAgo(RESULT_DAYS)),
      triggers: await leftovers.removeTestTriggers(now.toISOString()),
      notices: await leftovers.removeNotices(daysAgo(NOTICE_DAYS)),
      originals: await originals.sweep(now),
      disowned: await leftovers.disownFiles({ madeBefore: filesUnusedBefore, resultsUsedBefore: filesUnusedBefore }),
      ...(await files.remove()),
      derived: await derived.remove(),
    };
    await removeForgotten();
    onSwept?.(swept);
    return swept;
  }

  async #tidy(): Promise<void> {
    const { log } = this.#options;
    try {
      const swept = await this.sweep(new Date());
      if (Object.values(swept).some((count) => count > 0)) log.info(swept, 'removed what nobody needs any more');
    } catch (error) {
      log.error({ err: error }, 'could not remove what nobody needs any more; it is tried again in a day');
    }
  }
}
