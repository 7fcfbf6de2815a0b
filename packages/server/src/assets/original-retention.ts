import type { FileRef } from '@imaginarium/protocol';

/** An original that is due to leave. */
export interface DueOriginal {
  assetId: string;
  workspaceId: string;
  original: FileRef;
}

/** Originals of billboards, of all workspaces. */
export interface DueOriginals {
  /** Originals of which a billboard was made that ended before a moment, and nothing is being made: some of them. */
  list(endedBefore: string, limit: number): Promise<DueOriginal[]>;
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

  /** Has all originals leave that are due at a moment. @returns how many. @throws what the database or the disk says. */
  async sweep(now: Date): Promise<number> {
    const { due, days } = this.#options;
    if (days === null) return 0;
    const endedBefore = new Date(now.getTime() - days * DAY_MS).toISOString();
    let left = 0;
    for (;;) {
      const originals = await due.list(endedBefore, AT_ONCE);
      for (const original of originals) await this.#retire(original);
      left += originals.length;
      if (originals.length < AT_ONCE) return left;
    }
  }

  async #retire(due: DueOriginal): Promise<void> {
    const { archive, locate } = this.#options;
    const { assetId, workspaceId, original } = due;
    // Saving the same bytes again leaves one copy: whoever died before it was written down is repeated.
    if (archive)
      await archive.save(
        await locate(original.id),
        original.id,
        `${workspaceId}/${assetId}/${original.name}`,
        'keep-both',
      );
    await this.#options.due.retire(due, archive ? 'archived' : 'removed');
  }
}
