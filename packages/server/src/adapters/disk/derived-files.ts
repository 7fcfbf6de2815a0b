import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileOwners } from './unowned-files.ts';

export interface DerivedFilesOptions {
  /** Folders of what is made from files, each laid out by the file's id: `ab/cdef...`, with anything behind the id in the name. */
  folders: readonly string[];
  owners: FileOwners;
}

/** Ids of one question. */
const AT_ONCE = 500;
/** The rest of an id in the name of what is made from its file; the folder has its first two characters. */
const NAMED = /^([0-9a-f]{62})(?![0-9a-f])/;
/** What somebody was writing so long ago will not be finished. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;

/**
 * Removes what was made from files that nobody owns any more, such as thumbnails: a file or a folder for each. All of it can be made again,
 * so that nothing is lost when a file comes back.
 */
export class DerivedFiles {
  readonly #options: DerivedFilesOptions;

  constructor(options: DerivedFilesOptions) {
    this.#options = options;
  }

  /** @returns of how many files something was removed. */
  async remove(): Promise<number> {
    let removed = 0;
    for (const folder of this.#options.folders)
      for (const name of await namesIn(folder))
        if (/^[0-9a-f]{2}$/.test(name)) removed += await this.#removeIn(folder, name);
    return removed;
  }

  /** Removes among what belongs to ids that begin with the same two characters. */
  async #removeIn(folder: string, start: string): Promise<number> {
    const names = await namesIn(join(folder, start));
    const byId = Map.groupBy(names, (name) => `${start}${NAMED.exec(name)?.[1] ?? ''}`);
    for (const name of byId.get(start) ?? []) await removeForgotten(join(folder, start, name));
    byId.delete(start);
    const ids = [...byId.keys()];
    let removed = 0;
    for (let from = 0; from < ids.length; from += AT_ONCE)
      for (const id of await this.#options.owners.unowned(ids.slice(from, from + AT_ONCE))) {
        for (const name of byId.get(id) ?? []) await rm(join(folder, start, name), { recursive: true, force: true });
        removed += 1;
      }
    return removed;
  }
}

/** What is in a folder; nothing when it is not there. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Removes what is named by no id when it is old: whoever was writing it died. */
async function removeForgotten(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats && Date.now() - stats.mtimeMs > FORGOTTEN_MS) await rm(path, { recursive: true, force: true });
}
