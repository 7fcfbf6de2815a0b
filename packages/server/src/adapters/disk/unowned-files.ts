import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Who says which files somebody owns. */
export interface FileOwners {
  /** Of these ids, those that no workspace owns. */
  unowned(ids: readonly string[]): Promise<string[]>;
}

export interface UnownedFilesOptions {
  /** The folder that holds the files. */
  root: string;
  owners: FileOwners;
  /** Milliseconds that a file may be there before somebody must own it; a day when left out. */
  graceMs?: number;
  /** Told of each file that was set aside, before it is looked at again. */
  onSetAside?: () => void;
}

/** What was removed. */
export interface RemovedFiles {
  files: number;
  bytes: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Ids of one question. */
const AT_ONCE = 500;

/**
 * Removes files that nobody owns: a process died after it had put bytes into their place and before a workspace owned them. A file that
 * comes again meanwhile is not lost: it is set aside first, looked at again, and put back when it is young or owned after all.
 */
export class UnownedFiles {
  readonly #options: Required<UnownedFilesOptions>;
  readonly #aside: string;

  constructor(options: UnownedFilesOptions) {
    this.#options = { graceMs: DAY_MS, onSetAside: () => undefined, ...options };
    this.#aside = join(options.root, 'leaving');
  }

  async remove(): Promise<RemovedFiles> {
    await mkdir(this.#aside, { recursive: true });
    const removed = { files: 0, bytes: 0 };
    // What a process that died in the middle of this had set aside.
    const left = await readdir(this.#aside);
    for (let from = 0; from < left.length; from += AT_ONCE)
      await this.#decide(left.slice(from, from + AT_ONCE), removed);
    for await (const ids of this.#pages()) await this.#removeAmong(ids, removed);
    return removed;
  }

  /** What {@link remove} would remove now. */
  async count(): Promise<RemovedFiles> {
    const counted = { files: 0, bytes: 0 };
    for await (const ids of this.#pages())
      for (const id of await this.#options.owners.unowned(ids)) {
        const stats = await stat(this.#placeOf(id)).catch(() => undefined);
        if (!stats || !this.#isPastGrace(stats)) continue;
        counted.files += 1;
        counted.bytes += stats.size;
      }
    return counted;
  }

  /** The ids of all files that lie in their place. */
  async *#pages(): AsyncGenerator<string[]> {
    const { root } = this.#options;
    for (const folder of await readdir(root)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      const ids = (await readdir(join(root, folder))).map((name) => `${folder}${name}`);
      for (let from = 0; from < ids.length; from += AT_ONCE) yield ids.slice(from, from + AT_ONCE);
    }
  }

  async #removeAmong(ids: string[], removed: RemovedFiles): Promise<void> {
    const { owners, onSetAside } = this.#options;
    const aside: string[] = [];
    for (const id of await owners.unowned(ids)) {
      if (!(await this.#isOld(this.#placeOf(id)))) continue;
      await rename(this.#placeOf(id), join(this.#aside, id));
      onSetAside();
      aside.push(id);
    }
    await this.#decide(aside, removed);
  }

  /** Puts back what is set aside and somebody's after all, and removes the rest. */
  async #decide(ids: string[], removed: RemovedFiles): Promise<void> {
    const unowned = new Set(await this.#options.owners.unowned(ids));
    for (const id of ids) {
      const path = join(this.#aside, id);
      const stats = await stat(path).catch(() => undefined);
      // Another server that looks after the same folder has decided.
      if (!stats) continue;
      if (!unowned.has(id) || !(await this.#isOld(path))) {
        await mkdir(join(this.#options.root, id.slice(0, 2)), { recursive: true });
        await rename(path, this.#placeOf(id)).catch(() => undefined);
        continue;
      }
      await rm(path, { force: true });
      removed.files += 1;
      removed.bytes += stats.size;
    }
  }

  async #isOld(path: string): Promise<boolean> {
    const stats = await stat(path).catch(() => undefined);
    return stats !== undefined && this.#isPastGrace(stats);
  }

  #isPastGrace({ mtimeMs }: { mtimeMs: number }): boolean {
    return Date.now() - mtimeMs > this.#options.graceMs;
  }

  #placeOf(id: string): string {
    return join(this.#options.root, id.slice(0, 2), id.slice(2));
  }
}
