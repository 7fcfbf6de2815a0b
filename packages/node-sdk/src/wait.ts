import type { FileRef, Json, JsonObject, Role } from '@imaginarium/protocol';

/**
 * When a wait is over by itself: at a moment, an ISO 8601 text in UTC such as `2026-03-01T09:00:00.000Z`, or so many milliseconds from now.
 * Where several machines share a database, now is what its clock says: prefer `afterMs` to a moment that is computed from `Date.now()`.
 */
export type WaitEnd = { until: string; afterMs?: never } | { afterMs: number; until?: never };

/** What a node can wait for. Without an end, it waits for ever. */
export type WaitRequest =
  /** A moment. */
  | ({ kind: 'time' } & WaitEnd)
  /** A call to an address that the server makes up for it. `value` is then what the call brought. */
  | ({ kind: 'callback' } & Partial<WaitEnd>)
  /** The word of a person who is at least this in the workspace. `value` is then an {@link ApprovalAnswer}. */
  | ({ kind: 'approval'; message: string; role: Role; pictures: FileRef[]; items: number } & Partial<WaitEnd>)
  /** The end of a run of a workflow's version, which is started for it. `value` is then a {@link RunAnswer}. */
  | { kind: 'run'; workflowId: string; version: number; inputs: JsonObject };

/** What somebody said to an approval. */
export interface ApprovalAnswer {
  decision: 'approved' | 'rejected';
  /** Empty when they wrote none. */
  comment: string;
  /** The name of who said it. */
  by: string;
}

/** What a run came to that a node waited for. */
export interface RunAnswer {
  runId: string;
  state: 'succeeded' | 'failed' | 'cancelled';
  /** Why it failed; null when it did not. */
  error: string | null;
  /** What it gave, in order. */
  items: { value: Json | FileRef; fields: JsonObject }[];
}

/** Why a node that waited is called again. */
export interface Resumed {
  /** Whether its time was up: a moment has come, or nothing else did until then. */
  timeIsUp: boolean;
  /** What came; null when the time was up. */
  value: Json;
}

// Shared by name: a node package may bring a copy of this kit of its own.
const waiting: unique symbol = Symbol.for('imaginarium.wait') as typeof waiting;

/** What a node returns in place of its outputs to wait, made by {@link wait}. */
export interface Waiting {
  readonly [waiting]: WaitRequest;
}

/**
 * Ends a node's turn until something comes; no worker is held meanwhile, and the server may be restarted. Then `execute` is called again
 * with the same input, and with `resumed`:
 *
 * ```ts
 * execute({ input, resumed }) {
 *   if (!resumed) return wait({ kind: 'callback' });
 *   return { answer: resumed.value };
 * }
 * ```
 *
 * Only nodes without a pool of their own can wait.
 */
export function wait(request: WaitRequest): Waiting {
  return { [waiting]: request };
}

/** What a returned value asks to wait for; undefined when it is a result. */
export function waitRequestOf(returned: unknown): WaitRequest | undefined {
  if (typeof returned !== 'object' || returned === null || !(waiting in returned)) return undefined;
  return (returned as Waiting)[waiting];
}
