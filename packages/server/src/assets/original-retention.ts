import type { FileRef } from '@imaginarium/protocol';

/** An original that is due to leave. */
export interface DueOriginal {
  assetId: string;
  workspaceId: string;
  original: FileRef;
}

/** Originals of billboards, of all workspaces. */
export interface DueOriginals {
  /**
   * Originals of which a billboard was made that ended before a moment, and nothing is being made, in an order that stays.
   * @param skip so many of the first are left out.
   */
  list(endedBefore: string, { limit, skip }: { limit: number; skip: number }): Promise<DueOriginal[]>;
  /** Says that an original is archived or removed, and lets go of its file. Does nothing where the asset has another one by now, or something is being made of it. */
  retire(due: DueOriginal, state: 'archived' | 'removed'): Promise<void>;
}

export interface OriginalRetentionOptions {
  due: DueOriginals;
  /** How long an original stays after its billboard has ended, in days; null keeps them. */
  days: number | null;
  /** Where originals are moved to; null removes them. */
  archive: { save(source: string, id: string, path: string, whenTaken: 'keep-both'): Promise<string> } | null;
  /** Where the bytes of a file are. */
  locate(id: string): Promise<string>;
  log: { warn(data: object, message: string): void };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const AT_ONCE = 100;

/**
 * Originals of billboards leave a while after: they were sent to be printed large, and nobody looks at them again. They are moved to a
 * folder, or removed; the asset says which, and keeps what was made of them.
 */
export class OriginalRetention {
  readonly #options: OriginalRetentionOptions;

  constructor(options: OriginalRetentionOptions) {
    this.#options = options;
  }

  /**
   * Has all originals leave that are due at a moment. One that cannot be archived, such as a file that is gone, stays for the next time.
   * @returns how many left. @throws what the database says.
   */
  async sweep(now: Date): Promise<number> {
    const { due, days, archive } = this.#options;
    if (days === null) return 0;
    const endedBefore = new Date(now.getTime() - days * DAY_MS).toISOString();
    let left = 0;
    let stayed = 0;
    for (;;) {
      const originals = await due.list(endedBefore, { limit: AT_ONCE, skip: stayed });
      for (const original of originals)
        if (await this.#isSafe(original)) {
          await due.retire(original, archive ? 'archived' : 'removed');
          left++;
        } else stayed++;
      if (originals.length < AT_ONCE) return left;
    }
  }

  /**
   * Copies an original to the archive, where there is one. Saving the same bytes again leaves one copy: whoever died before it was written
   * down is repeated.
   */
  async #isSafe({ assetId, workspaceId, original }: DueOriginal): Promise<boolean> {
    const { archive, locate, log } = this.#options;
    const path = `${workspaceId}/${assetId}/${original.name}`;
    try {
      await archive?.save(await locate(original.id), original.id, path, 'keep-both');
      return true;
    } catch (error) {
      log.warn({ err: error, assetId, workspaceId }, 'an original could not be archived; it is tried again in a day');
      return false;
    }
  }
}
