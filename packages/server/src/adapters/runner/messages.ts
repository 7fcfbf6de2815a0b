import type { WrittenRows } from './written-rows.ts';

/** What a runner process is asked: one program over rows of data. All data are JSON as text, read inside the isolate only. */
export interface ToRunner extends WrittenRows {
  workspaceId: string;
  kind: 'expressions' | 'function';
  language: 'javascript' | 'typescript';
  sources: readonly string[];
  /** Names that the sources see; each row, or else what all rows share, brings the value. */
  names: readonly string[];
  shared: string;
  timeoutMs: number;
  memoryMb: number;
}

/** Why a whole program gave nothing. */
export type RunnerFailure = 'timeout' | 'memory' | 'never-settles' | 'too-large' | 'broken';

/** What a runner process says. `text` is JSON that guest code had a hand in: it is checked before it is believed. */
export type FromRunner =
  | { type: 'ready' }
  | { type: 'done'; text: string }
  | { type: 'failed'; why: RunnerFailure; message: string };
