import { FileMissingError } from '@imaginarium/engine';
import type { FileRef } from '@imaginarium/protocol';

/** A file that is read where it lies, as it was when it was registered. */
export interface FileInPlace {
  /** Absolute, without links in it. */
  path: string;
  file: FileRef;
  /** When it was last written, in nanoseconds since 1970. */
  writtenNs: bigint;
}

/** What is known of files that are read where they lie. */
export interface InPlaceRecord {
  at(path: string): Promise<FileInPlace | undefined>;
  /** All that were kept with this id, the last first: the same picture may lie in several places. */
  withId(id: string): Promise<FileInPlace[]>;
  /** Keeps what is known of a path in the place of what was known before. */
  keep(known: FileInPlace): Promise<void>;
}

/** A file that is read where it lies is not what it was when it was registered, or is gone. */
export class FileChangedError extends FileMissingError {
  constructor({ file }: FileInPlace) {
    super(file.id);
    this.message = `${file.name} is read where it lies, and was changed, moved or removed there since it was registered. Name its path again to register it as it is now.`;
  }
}
