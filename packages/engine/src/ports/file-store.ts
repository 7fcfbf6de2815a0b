import type { FileHint } from '@imaginarium/node-sdk';
import type { FileRef } from '@imaginarium/protocol';

/** Inclusive positions of bytes, as HTTP counts them. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Content-addressed, streaming storage. Bytes are stored once whatever their name; a reference is only given out when every byte is
 * safely stored, so a reference that was recorded can always be opened.
 */
export interface FileStore {
  /**
   * Stores a stream. What the hint leaves out is found by looking at the bytes.
   * @throws {FileRefusedError} when the bytes are not a file this store accepts.
   */
  put(source: AsyncIterable<Uint8Array>, hint: FileHint): Promise<FileRef>;
  /** Reads a file, whole or in part. @throws {FileMissingError} */
  open(id: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array>>;
}

/** A file was asked for that the store does not hold. */
export class FileMissingError extends Error {
  readonly id: string;

  constructor(id: string, options?: ErrorOptions) {
    super(`The file ${id.slice(0, 12)} is not in the store.`, options);
    this.name = 'FileMissingError';
    this.id = id;
  }
}

/** Bytes were refused: empty, broken, too large or of a type nobody reads. The message is for people. */
export class FileRefusedError extends Error {
  readonly reason: 'empty' | 'broken' | 'too-large' | 'unknown-type';

  constructor(reason: FileRefusedError['reason'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FileRefusedError';
    this.reason = reason;
  }
}
