import type { EmittedItem, FailedInput, InputItem, NodeCode, NodeFiles, NodeLog, Resumed } from '@imaginarium/node-sdk';
import type { FileRef, Json, JsonObject } from '@imaginarium/protocol';
import type { TaskHttp } from './http-client.ts';

/** One call of a node's `execute`, as plain data that can cross to another process. */
export interface NodeTask {
  type: string;
  version: number;
  /** Which loading of its package; left out: the first, and only one unless the package is under development. */
  revision?: number;
  /** The value on each port; in mode `all` a list of values. */
  input: Record<string, Json | FileRef | (Json | FileRef)[] | undefined>;
  /** Items with fields by port, for mode `all`; empty otherwise. */
  items: Record<string, InputItem<Json | FileRef>[]>;
  fields: JsonObject;
  params: JsonObject;
  credentials: Record<string, Record<string, string>>;
  idempotencyKey: string;
  modelsFolder: string;
  /** What came, when the node had asked to wait. */
  resumed?: Resumed;
}

/** What a node gave, as plain data. */
export interface NodeResult {
  /** New items by output port, in order. A port that is missing got nothing. */
  outputs: Record<string, EmittedItem<Json | FileRef>[]>;
  /** Fields of the new items that bring none of their own. Left out: carried on from the input. */
  fields?: JsonObject;
  /** In mode `all`, items that came to nothing; left out where there are none. */
  failed?: FailedInput[];
}

/** What a task may use while it executes. */
export interface TaskHost {
  code: NodeCode;
  files: NodeFiles;
  http: TaskHttp;
  log: NodeLog;
  progress(share: number, message?: string): void;
}

/** Executes nodes somewhere: in this process, or in one that may be killed. */
export interface NodeExecutor {
  /**
   * @returns what the node gave: a promise, unless it was there at once.
   * @throws what the node throws, with its `NonRetryableError` and `RetryLaterError` kept; {@link NodeCrashError} when the process that
   * executed it died; the signal's reason when it was aborted.
   */
  execute(task: NodeTask, host: TaskHost, signal: AbortSignal): Promise<NodeResult> | NodeResult;
}

/** The process that executed a node ended before the node did. */
export class NodeCrashError extends Error {
  readonly why: 'memory' | 'crash';

  constructor(why: 'memory' | 'crash', message: string) {
    super(message);
    this.name = 'NodeCrashError';
    this.why = why;
  }
}
