import type { NodeResult, NodeTask } from '@imaginarium/engine';
import type { FileHint } from '@imaginarium/node-sdk';
import type { FileRef, JsonObject, LogLevel } from '@imaginarium/protocol';

/** An error that crosses between processes: what is needed to treat it the same on the other side. */
export interface ErrorMessage {
  name: string;
  message: string;
  /** Of system errors, such as ENOSPC. */
  code?: string;
  /** Of `RetryLaterError`. */
  afterMs?: number;
  /** Of `FileRefusedError`. */
  reason?: string;
}

/** What a media process is told. */
export type ToMedia =
  | { type: 'execute'; task: NodeTask }
  | { type: 'inspect'; path: string; name: string; pixelLimit: number }
  | { type: 'thumbnail'; source: string; target: string; size: number; pixelLimit: number }
  | { type: 'answer'; call: number; value?: unknown; error?: ErrorMessage };

/** What a media process says. */
export type FromMedia =
  | { type: 'ready' }
  | { type: 'done'; value: NodeResult | { width: number; height: number } | null }
  | { type: 'failed'; error: ErrorMessage }
  | { type: 'progress'; share: number; message?: string }
  | { type: 'log'; level: LogLevel; message: string; data?: JsonObject }
  | ({ type: 'ask'; call: number } & FileRequest);

/** What a node in a media process asks of its files. Bytes are handed over as paths, never through the channel. */
export type FileRequest =
  | { method: 'path'; file: FileRef }
  | { method: 'adopt'; path: string; hint: FileHint }
  | { method: 'folder' | 'lastingFolder' }
  | { method: 'export'; file: FileRef; path: string; whenTaken: 'keep-both' | 'replace' };
