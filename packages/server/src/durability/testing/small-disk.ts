import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmptyKind } from '../../adapters/typeorm/testing/scratch-databases.ts';

/** A disk that is soon full: a file system of its own in memory. */
export class SmallDisk implements Disposable {
  readonly #mount: string;

  private constructor(mount: string) {
    this.#mount = mount;
  }

  /** Undefined where this user may not mount. @param megabytes what it holds. */
  static open(megabytes: number): SmallDisk | undefined {
    const mount = mkdtempSync(join(tmpdir(), 'imaginarium-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', mount], { stdio: 'pipe' });
      return new SmallDisk(mount);
    } catch {
      rmSync(mount, { recursive: true, force: true });
      return undefined;
    }
  }

  /** Where it is mounted. */
  get folder(): string {
    return this.#mount;
  }

  /** SQLite on this disk; its folder is the data folder of the servers. */
  get sqlite(): EmptyKind {
    return {
      name: 'SQLite',
      create: async () => {
        const folder = join(this.#mount, 'data');
        await mkdir(folder);
        return { place: { sqliteFile: join(folder, 'imaginarium.sqlite') }, remove: async () => undefined };
      },
    };
  }

  /** Takes all the space that is left. */
  fill(): void {
    const file = openSync(join(this.#mount, 'ballast'), 'a');
    for (const size of [65_536, 4096, 1]) {
      const piece = Buffer.alloc(size);
      try {
        for (;;) writeSync(file, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
    }
    closeSync(file);
  }

  /** Gives the space back. */
  free(): void {
    rmSync(join(this.#mount, 'ballast'), { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.#mount]);
    rmSync(this.#mount, { recursive: true, force: true });
  }
}
