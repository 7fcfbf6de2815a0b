import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';

/**
 * Remembers beside a work file how many of its rows are done. A process may be killed at any moment: what the journal says is on the
 * disk is there, and work goes on below it.
 */
export class Journal {
  readonly #path: string;
  readonly #key: string;
  /** Who writes: of two processes that take each other for dead, the one that began last goes on. */
  readonly #owner = randomUUID();
  #deaths = 0;

  /** @param key what the rows depend on, without a line break: a journal that was kept for anything else counts for nothing. */
  constructor(path: string, key: string) {
    this.#path = path;
    this.#key = key;
  }

  /** Tries that began where this one does and ended before another row was done. */
  get deaths(): number {
    return this.#deaths;
  }

  /** Rows that are done: 0 where nothing, or something else, was begun. */
  async rows(): Promise<number> {
    const { key, rows } = await this.#read();
    return key === this.#key && /^\d+$/.test(rows) ? Number(rows) : 0;
  }

  /** Takes the work over. @returns the rows that are done. */
  async begin(): Promise<number> {
    const { key, begun } = await this.#read();
    const rows = await this.rows();
    this.#deaths = key === this.#key ? begun : 0;
    await this.#write(rows, this.#deaths + 1);
    return rows;
  }

  /**
   * Notes how many rows are done. Call it when they are on the disk, not before.
   * @throws {Error} when another process has taken the work over.
   */
  async note(rows: number): Promise<void> {
    if ((await this.#read()).owner !== this.#owner)
      throw new Error('Another process went on with this picture: this one leaves it alone.');
    await this.#write(rows, 0);
  }

  async #read(): Promise<{ key: string; owner: string; rows: string; begun: number }> {
    const [key = '', owner = '', rows = '', begun = ''] = (await readFile(this.#path, 'utf8').catch(() => '')).split(
      '\n',
    );
    return { key, owner, rows, begun: Number(begun) || 0 };
  }

  /** @param begun tries that began at these rows. */
  async #write(rows: number, begun: number): Promise<void> {
    await writeFile(`${this.#path}.${this.#owner}`, `${this.#key}\n${this.#owner}\n${rows}\n${begun}\n`);
    await rename(`${this.#path}.${this.#owner}`, this.#path);
  }
}
