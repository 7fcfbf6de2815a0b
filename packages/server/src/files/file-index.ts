import type { FileRef, StoredFile } from '@imaginarium/protocol';

/** Which files a workspace owns. Bytes are shared by content; what may be seen is decided here. */
export interface FileIndex {
  /** Remembers a file; a second time with the same id keeps the first name and time. */
  add(file: FileRef): Promise<StoredFile>;
  get(id: string): Promise<StoredFile | undefined>;
  list(query: { limit: number; cursor?: string }): Promise<{ files: StoredFile[]; nextCursor: string | null }>;
  /** Of these ids, those the workspace does not own. */
  missing(ids: readonly string[]): Promise<string[]>;
}
