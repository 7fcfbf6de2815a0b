import type { FileRef, Json, JsonObject, LogLevel } from '@imaginarium/protocol';
import type { NodeCode } from './code.ts';
import type { NodeHttp } from './http.ts';
import type { Resumed } from './wait.ts';

/** What a node says of bytes it writes. What it leaves out is found by looking at the bytes. */
export interface FileHint {
  /** The name people see, with its extension: `sepia.png`. */
  name: string;
  mime?: string;
  /** Pixels. */
  width?: number;
  height?: number;
}

/** The files of a run, as a node sees them. Bytes never travel in items; references do. */
export interface NodeFiles {
  /** All bytes of a file. For large ones prefer {@link path}. */
  read(file: FileRef): Promise<Uint8Array>;
  /** A local path to read the file from. Never write to it; it may be gone when the node returns. */
  path(file: FileRef): Promise<string>;
  /** Stores bytes. */
  write(bytes: Uint8Array, hint: FileHint): Promise<FileRef>;
  /** Stores a file written under {@link folder}, which takes it over. */
  adopt(path: string, hint: FileHint): Promise<FileRef>;
  /** A folder of this execution's own, removed when the node returns. */
  folder(): Promise<string>;
  /**
   * A folder for long work that can go on where it was: when this execution is cut off, by a crash or a restart, the next try for the same
   * item of the same run finds here what was left. Removed when the node returns. Cut off means in the middle of anything: trust only
   * what you can check.
   */
  lastingFolder(): Promise<string>;
  /**
   * Copies a file to the workspace's output folder, under a relative path with `/` between its parts. Folders are made as needed.
   * @returns the path it got: with `keep-both` a taken name gets a number.
   * @throws {NonRetryableError} for a path that leaves the output folder.
   */
  export(file: FileRef, path: string, whenTaken: 'keep-both' | 'replace'): Promise<string>;
}

/** Writes to the log of the run. */
export type NodeLog = { [Level in LogLevel]: (message: string, data?: JsonObject) => void };

/** What every execution of a node receives, whatever its ports and params. */
export interface BaseContext {
  /** Runs code that people wrote. Only nodes without a pool have it. */
  code: NodeCode;
  files: NodeFiles;
  /** Calls services. Only nodes without a pool have it. */
  http: NodeHttp;
  log: NodeLog;
  /** Reports the share of the work that is done, 0 to 1, with an optional short message. Cheap to call often. */
  progress(share: number, message?: string): void;
  /** Aborted when the run is cancelled or the time is up. Long work must stop within a second of it. */
  signal: AbortSignal;
  /** Where model files are installed. Read only. */
  modelsFolder: string;
  /** Stays the same when the same item of the same run is tried again: hand it to services that know such keys. */
  idempotencyKey: string;
  /** What came, when the node had asked to {@link wait}; undefined at its first turn. */
  resumed?: Resumed | undefined;
}

/** An item as a node with `mode: 'all'` sees it. */
export interface InputItem<Value> {
  value: Value;
  fields: JsonObject;
}

// Shared by name: a node package may bring a copy of this kit of its own.
const emitted: unique symbol = Symbol.for('imaginarium.emitted') as typeof emitted;

/** Several items for one output port, made by {@link emit}. */
export interface Emitted<Value> {
  readonly [emitted]: true;
  readonly items: readonly EmittedItem<Value>[];
  readonly failed?: readonly FailedInput[];
}

/** In mode `all`: an input item that came to nothing while others did not, by its position on the first input port that has items. */
export interface FailedInput {
  item: number;
  /** What went wrong, in words for people. Trying again cannot help. */
  message: string;
}

export interface EmittedItem<Value> {
  value: Value;
  /** Fields of the new item; left out, those of the item it was made from are carried on. */
  fields?: JsonObject;
  /**
   * In mode `all`: the input item it was made from, by its position on the first input port that has items, or one for each of
   * several ports: `{ a: 0, b: 3 }`. Said where it can be, so that items which belong together are paired further on.
   */
  from?: number | Readonly<Record<string, number>>;
}

/**
 * Gives several items on one port: `return { slide: emit(slides.map((value) => ({ value }))) }`.
 * @param failed in mode `all`, items that came to nothing: the policy of the node leaves them out, sends them to the error port, or ends the run.
 */
export function emit<Value extends Json | FileRef>(
  items: readonly EmittedItem<Value>[],
  { failed = [] }: { failed?: readonly FailedInput[] } = {},
): Emitted<Value> {
  return failed.length === 0 ? { [emitted]: true, items } : { [emitted]: true, items, failed };
}

/** Whether a returned port value came from {@link emit}. */
export function isEmitted(value: unknown): value is Emitted<Json | FileRef> {
  return typeof value === 'object' && value !== null && emitted in value;
}
