import type { RunRecord } from '@imaginarium/engine';
import type { ErrorCode, Run, RunState, Step } from '@imaginarium/protocol';

/** A run as somebody sees it who looks at it again and again. */
export interface RunLook {
  record: RunRecord;
  /** The steps of the record that were written since the look before. */
  changed: ReadonlySet<Step>;
  /** For the next look. */
  cursor: number;
}

/** The runs of one workspace, for reading. Writing is the run store's part. */
export interface RunList {
  /** Newest first. The cursor is opaque; one that is tampered with throws {@link BadCursorError}. */
  list(query: {
    workflowId?: string;
    state?: RunState;
    errorCode?: ErrorCode;
    dismissed?: 'true' | 'false';
    /** ISO 8601 in UTC. */
    createdAfter?: string;
    createdBefore?: string;
    limit: number;
    cursor?: string;
  }): Promise<{ runs: Run[]; nextCursor: string | null }>;
  /** Notes that failed runs need nothing more. @returns how many it was news for. */
  dismiss(ids: readonly string[]): Promise<number>;
  /** A run as it stands, without the parts of steps that only a worker needs. Nothing of it may be changed: others see the same. */
  get(id: string): Promise<RunRecord | undefined>;
  /** The same, with what has changed. @param after the cursor of the look before; 0 for the first. */
  look(id: string, after: number): Promise<RunLook | undefined>;
  /** Milliseconds per item that each node type took in its last runs here, by `type@version`: what estimates rest on. */
  measuredMs(types: readonly string[]): Promise<Map<string, number>>;
}

export class BadCursorError extends Error {
  constructor() {
    super('cursor: expected the nextCursor of an earlier page');
    this.name = 'BadCursorError';
  }
}
