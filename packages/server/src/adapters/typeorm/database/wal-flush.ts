import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const flushFile = promisify(fdatasync);

/** Brings the write-ahead log of an SQLite database to the disk, while the thread that writes it goes on. */
export class WalFlush {
  readonly #file: string;
  #descriptor: number | undefined;

  /** @param databaseFile the path of the database, in WAL mode. Its log is there as soon as something was committed. */
  constructor(databaseFile: string) {
    this.#file = `${databaseFile}-wal`;
  }

  /** Resolves when all that was committed before the call would survive a power cut. @throws system errors of the disk. */
  async flush(): Promise<void> {
    // Kept open: the file stays the same one for as long as the connection is. No locks of SQLite are on it that a close would lift.
    this.#descriptor ??= openSync(this.#file, 'r+');
    await flushFile(this.#descriptor);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
