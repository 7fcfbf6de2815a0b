import { mkdir, open, rename, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ModelState } from '@imaginarium/protocol';
import { download } from './download.ts';
import { ModelError } from './model-error.ts';
import { lockFor } from './pull-lock.ts';

export interface PullOptions {
  url: string;
  sha256: string;
  /** Bytes of the file; null when they are not known. */
  bytes: number | null;
  proxyUrl: string | null;
  /** Where the file belongs. Beside it, `.part` holds what has come. */
  target: string;
  /** What people call the model. */
  title: string;
}

/** Room that is left on the disk whatever is fetched. */
const SPARE_BYTES = 50e6;

/** One download of a model, from its beginning to a file in its place. */
export class Pull {
  /** Resolves when the file is in its place. @throws {ModelError} also when it was cancelled. */
  readonly done: Promise<void>;
  readonly #options: PullOptions;
  readonly #controller = new AbortController();
  #state: NonNullable<ModelState['pull']>;

  constructor(options: PullOptions) {
    this.#options = options;
    this.#state = { state: 'pulling', bytes: 0, total: options.bytes, message: null };
    this.done = this.#perform().catch((error: unknown) => {
      const isCancelled = this.#controller.signal.aborted;
      const message = error instanceof Error ? error.message : String(error);
      this.#state = {
        ...this.#state,
        state: isCancelled ? 'cancelled' : 'failed',
        message: isCancelled ? null : message,
      };
      throw error;
    });
    // Who does not wait for it sees its state.
    this.done.catch(() => undefined);
  }

  get state(): NonNullable<ModelState['pull']> {
    return this.#state;
  }

  get isActive(): boolean {
    return this.#state.state === 'pulling';
  }

  /** Stops it. Resolves when nothing is written any more; what has come is kept. */
  async cancel(): Promise<void> {
    this.#controller.abort(
      new ModelError(
        'model-refused',
        `Fetching ${this.#options.title} was cancelled. What has come is kept, and the next try goes on from there.`,
      ),
    );
    await this.done.catch(() => undefined);
  }

  async #perform(): Promise<void> {
    const { target, ...source } = this.#options;
    const folder = dirname(target);
    await mkdir(folder, { recursive: true });
    await using _lock = await lockFor(target);
    await this.#refuseFullDisk(folder);
    const path = `${target}.part`;
    try {
      await download({
        ...{ url: source.url, sha256: source.sha256, bytes: source.bytes, proxyUrl: source.proxyUrl },
        ...{ path, signal: this.#controller.signal },
        onProgress: (bytes, total) => {
          this.#state = { ...this.#state, bytes, total };
        },
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      throw new ModelError(
        'disk-full',
        `The disk is full: ${this.#state.bytes} bytes of ${source.title} are kept. Free some space, and the next try goes on from there.`,
        { cause: error },
      );
    }
    await rename(path, target);
    await syncFolder(folder);
  }

  async #refuseFullDisk(folder: string): Promise<void> {
    const { bytes, title } = this.#options;
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    if (bytes !== null && free < bytes + SPARE_BYTES)
      throw new ModelError(
        'disk-full',
        `${title} has ${Math.ceil(bytes / 1e6)} MB, and ${Math.floor(free / 1e6)} MB are free in ${folder}. Free some space, then try again.`,
      );
  }
}

/** A new name is on the disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}
