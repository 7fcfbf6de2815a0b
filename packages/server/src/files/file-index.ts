import type { FileRef, StoredFile } from '@imaginarium/protocol';

/** Which files a workspace owns. Bytes are shared by content; what may be seen is decided here. */
export interface FileIndex {
  /** Remembers a file that somebody uploaded, for good; a second time with the same id keeps the first name and time. */
  add(file: FileRef): Promise<StoredFile>;
  /** Remembers a file that a run made: for as long as a run, a workflow or something that waits names it, unless somebody uploads it too. */
  addMade(file: FileRef, runId: string): Promise<void>;
  get(id: string): Promise<StoredFile | undefined>;
  list(query: { limit: number; cursor?: string }): Promise<{ files: StoredFile[]; nextCursor: string | null }>;
  /** Of these ids, those the workspace does not own. */
  missing(ids: readonly string[]): Promise<string[]>;
}
