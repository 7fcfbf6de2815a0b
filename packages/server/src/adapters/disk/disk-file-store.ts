import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ByteRange, FileMissingError, FileRefusedError, type FileStore } from '@imaginarium/engine';
import type { FileHint } from '@imaginarium/node-sdk';
import type { FileRef } from '@imaginarium/protocol';
import { sniffFile } from './sniff-file.ts';

/** A file in the making that nothing was added to for so long belongs to nobody. */
const FORGOTTEN_MS = 60 * 60 * 1000;

/** Looks into a picture: decodes it, and gives its size as shown. @throws {FileRefusedError} */
export type InspectPicture = (path: string, name: string) => Promise<{ width: number; height: number }>;

export interface DiskFileStoreOptions {
  /** The folder that holds the files; made when missing. */
  root: string;
  inspectPicture: InspectPicture;
  /** Most bytes of one file. */
  maxBytes: number;
  /** Told when the bytes of a file are on the disk, under a temporary name. */
  onWritten?: () => void;
  /** Knows files that lie elsewhere; left out, there are none. */
  inPlace?: { locate(id: string): Promise<string | undefined> };
}

/** A file as {@link DiskFileStore.putTrusted} takes it: its type and size are known by whoever made it. */
export type KnownFile = FileHint & { mime: string };

/**
 * Files in a folder, each under its SHA-256. A file is written under a temporary name, flushed to the disk and then renamed, so that a
 * name never stands for half a file, whenever the machine stops.
 */
export class DiskFileStore implements FileStore {
  readonly #options: DiskFileStoreOptions;

  constructor(options: DiskFileStoreOptions) {
    this.#options = options;
  }

  async put(source: AsyncIterable<Uint8Array>, hint: FileHint): Promise<FileRef> {
    return this.#store(source, hint, async (path, bytes) => {
      if (bytes === 0)
        throw new FileRefusedError('empty', `${hint.name} is empty: it has no bytes. Export or save it again.`);
      const { kind, mime } = await sniffFile(path, hint.name);
      const size = kind === 'image' ? await this.#options.inspectPicture(path, hint.name) : {};
      return { kind, mime, ...size };
    });
  }

  /** Stores what one of our own nodes made: its word on type and pixels is taken, and nothing is decoded again. */
  async putTrusted(source: AsyncIterable<Uint8Array>, { mime, width, height, name }: KnownFile): Promise<FileRef> {
    if (width === undefined || height === undefined || !mime.startsWith('image/'))
      return this.put(source, { name, mime });
    return this.#store(source, { name }, async () => ({ kind: 'image', mime, width, height }));
  }

  async open(id: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const handle = await open(await this.locate(id), 'r').catch((error: unknown) => {
      throw new FileMissingError(id, { cause: error });
    });
    return handle.createReadStream(range);
  }

  /**
   * Where the bytes of a file are to be read: here, or where they lie.
   * @throws {FileMissingError} when they are nowhere; its message says so of a file that was changed where it lay.
   */
  async locate(id: string): Promise<string> {
    const path = this.pathOf(id);
    const isHere = await access(path).then(
      () => true,
      () => false,
    );
    if (isHere) return path;
    const elsewhere = await this.#options.inPlace?.locate(id);
    if (elsewhere === undefined) throw new FileMissingError(id);
    return elsewhere;
  }

  /** Removes what processes that died had begun to write: nothing was added to it for an hour. */
  async removeForgotten(): Promise<void> {
    const incoming = join(this.#options.root, 'incoming');
    for (const name of await readdir(incoming).catch(() => [])) {
      const path = join(incoming, name);
      const stats = await stat(path).catch(() => undefined);
      if (stats && Date.now() - stats.mtimeMs > FORGOTTEN_MS) await rm(path, { force: true });
    }
  }

  /** Where the bytes of a file lie when they are in this folder. The id must have come from this store. */
  pathOf(id: string): string {
    if (!/^[0-9a-f]{64}$/.test(id)) throw new FileMissingError(id);
    return join(this.#options.root, id.slice(0, 2), id.slice(2));
  }

  async #store(
    source: AsyncIterable<Uint8Array>,
    { name }: FileHint,
    look: (path: string, bytes: number) => Promise<Pick<FileRef, 'kind' | 'mime' | 'width' | 'height'>>,
  ): Promise<FileRef> {
    const incoming = join(this.#options.root, 'incoming');
    await mkdir(incoming, { recursive: true });
    const temporary = join(incoming, randomUUID());
    try {
      const { id, bytes } = await this.#write(source, temporary, name);
      this.#options.onWritten?.();
      const seen = await look(temporary, bytes);
      await this.#moveIntoPlace(temporary, this.pathOf(id));
      return { id, bytes, name, ...seen };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #write(source: AsyncIterable<Uint8Array>, path: string, name: string): Promise<{ id: string; bytes: number }> {
    const { maxBytes } = this.#options;
    const hash = createHash('sha256');
    let bytes = 0;
    const handle = await open(path, 'wx');
    try {
      for await (const chunk of source) {
        bytes += chunk.length;
        if (bytes > maxBytes)
          throw new FileRefusedError(
            'too-large',
            `${name} is larger than the limit of ${Math.floor(maxBytes / 1e6)} MB.`,
          );
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { id: hash.digest('hex'), bytes };
  }

  async #moveIntoPlace(temporary: string, target: string): Promise<void> {
    const folder = dirname(target);
    await mkdir(folder, { recursive: true });
    await rename(temporary, target);
    // The new name must survive a power cut too.
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** The bytes of a file of the disk, for a store to take in. Opened when they are first asked for. */
export async function* bytesOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path);
}
