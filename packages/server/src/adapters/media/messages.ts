import type { NodeResult, NodeTask } from '@imaginarium/engine';
import type { ExaminedModel, FileHint, MeasuredSpeed } from '@imaginarium/node-sdk';
import type { FileRef, JsonObject, LogLevel, ModelEntry, TiledPicture } from '@imaginarium/protocol';
import type { TilesTask } from './cut-tiles.ts';
import type { RequestMessage } from './http-messages.ts';

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
  | ({ type: 'tiles' } & TilesTask)
  | { type: 'examine-model'; packageName: string; request: { path: string; file: string; expected: ModelEntry | null } }
  | { type: 'measure-model'; packageName: string; model: { entry: ModelEntry; path: string } }
  | { type: 'answer'; call: number; value?: unknown; error?: ErrorMessage };

/** What comes of what a media process is told to do. */
export type MediaAnswer =
  | NodeResult
  | { width: number; height: number }
  | TiledPicture
  | ExaminedModel
  | MeasuredSpeed
  | null;

/** What a media process says. */
export type FromMedia =
  | { type: 'ready' }
  | { type: 'done'; value: MediaAnswer }
  | { type: 'failed'; error: ErrorMessage }
  | { type: 'progress'; share: number; message?: string }
  | { type: 'log'; level: LogLevel; message: string; data?: JsonObject }
  | ({ type: 'ask'; call: number } & Question);

/** What a node in a media process asks the server for. */
export type Question = FileRequest | { method: 'fetch'; url: string; request: RequestMessage };

/** What a node in a media process asks of its files. Bytes are handed over as paths, never through the channel. */
export type FileRequest =
  | { method: 'path'; file: FileRef }
  | { method: 'adopt'; path: string; hint: FileHint }
  | { method: 'folder' | 'lastingFolder' }
  | { method: 'export'; file: FileRef; path: string; whenTaken: 'keep-both' | 'replace' };
