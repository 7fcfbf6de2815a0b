import { createHash } from 'node:crypto';
import type { FileHint } from '@imaginarium/node-sdk';
import type { FileRef } from '@imaginarium/protocol';
import { type ByteRange, FileMissingError, FileRefusedError, type FileStore } from '../ports/file-store.ts';

/** Keeps files in memory. Believes the hint's type; looks at nothing. */
export class MemoryFileStore implements FileStore {
  readonly #files = new Map<string, Buffer>();

  async put(source: AsyncIterable<Uint8Array>, hint: FileHint): Promise<FileRef> {
    const bytes = Buffer.concat(await Array.fromAsync(source));
    if (bytes.length === 0) throw new FileRefusedError('empty', `${hint.name} is empty.`);
    const id = createHash('sha256').update(bytes).digest('hex');
    this.#files.set(id, bytes);
    const mime = hint.mime ?? 'application/octet-stream';
    const kind = mime.startsWith('image/') ? 'image' : 'document';
    return { id, kind, mime, bytes: bytes.length, name: hint.name };
  }

  async open(id: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>> {
    const bytes = this.#files.get(id);
    if (!bytes) throw new FileMissingError(id);
    const part = range ? bytes.subarray(range.start, range.end + 1) : bytes;
    return (async function* () {
      yield part;
    })();
  }
}
