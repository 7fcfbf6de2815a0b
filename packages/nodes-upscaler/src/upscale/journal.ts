import { readFile, rename, writeFile } from 'node:fs/promises';

/**
 * Remembers beside a work file how many of its rows are done. A process may be killed at any moment: what the journal says is on the
 * disk is there, and work goes on below it.
 */
export class Journal {
  readonly #path: string;
  readonly #key: string;

  /** @param key what the rows depend on: one that was kept for anything else counts for nothing. */
  constructor(path: string, key: string) {
    this.#path = path;
    this.#key = key;
  }

  /** Rows that are done: 0 where nothing, or something else, was begun. */
  async rows(): Promise<number> {
    const text = await readFile(this.#path, 'utf8').catch(() => '');
    const [key, rows] = text.split('\n');
    return key === this.#key && rows !== undefined && /^\d+$/.test(rows) ? Number(rows) : 0;
  }

  /** Call it when the rows are on the disk, not before. */
  async note(rows: number): Promise<void> {
    await writeFile(`${this.#path}.part`, `${this.#key}\n${rows}\n`);
    await rename(`${this.#path}.part`, this.#path);
  }
}
