import { randomUUID } from 'node:crypto';
import { access, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef } from '@imaginarium/protocol';

export interface ThumbnailsOptions {
  folder: string;
  /** Where the file lies. */
  locate(id: string): Promise<string>;
  /** Writes a small WebP of a picture. */
  make(source: string, target: string, size: number): Promise<void>;
}

/** Small pictures of pictures, made when they are first asked for and kept. */
export class Thumbnails {
  readonly #options: ThumbnailsOptions;
  readonly #making = new Map<string, Promise<void>>();

  constructor(options: ThumbnailsOptions) {
    this.#options = options;
  }

  /** A WebP of at most `size` pixels wide and high. */
  async get(file: FileRef, size: number): Promise<{ path: string }> {
    const folder = join(this.#options.folder, file.id.slice(0, 2));
    const path = join(folder, `${file.id.slice(2)}-${size}.webp`);
    if (await exists(path)) return { path };
    // Many cards ask for the same picture at once: it is made once.
    let making = this.#making.get(path);
    if (!making) {
      making = this.#make(file.id, folder, path, size).finally(() => this.#making.delete(path));
      this.#making.set(path, making);
    }
    await making;
    return { path };
  }

  async #make(id: string, folder: string, path: string, size: number): Promise<void> {
    await mkdir(folder, { recursive: true });
    const temporary = join(folder, `${randomUUID()}.part`);
    await this.#options.make(await this.#options.locate(id), temporary, size);
    await rename(temporary, path);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
