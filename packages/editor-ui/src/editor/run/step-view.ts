import type { Failure, FileRef, StateCounts, Step, StepState, WaitAbout } from '@imaginarium/protocol';

/** One step as the canvas shows it. */
export interface StepView {
  state: StepState;
  /** Share of the work that is done, 0 to 1; undefined until the node tells. */
  progress?: number;
  message?: string;
  /** Of several items: how many are done, and how many there are. */
  itemsDone?: { done: number; count: number };
  /** Milliseconds that it still takes, where that is known. */
  leftMs?: number;
  durationMs?: number;
  /** Items that left by each port. */
  items: Readonly<Record<string, number>>;
  thumbnail: FileRef | null;
  credits: number;
  error: Failure | null;
  reason: string | null;
  /** What it waits for, while it does. */
  waiting?: { about: WaitAbout; dueAt: string | null } | undefined;
  /** Of a node in a loop, over all iterations: how many of its steps are in which state. */
  inside?: StateCounts;
  /** Of a loop: how many iterations are over, and how many there are or may be. */
  iterations?: { done: number; count: number };
}

/** A step that has not begun. */
export const PENDING: StepView = {
  state: 'pending',
  items: {},
  thumbnail: null,
  credits: 0,
  error: null,
  reason: null,
};

/** A step as it was fetched. */
export function viewOfStep(step: Step): StepView {
  const took = step.startedAt && step.finishedAt ? Date.parse(step.finishedAt) - Date.parse(step.startedAt) : undefined;
  const files = Object.values(step.outputs).flatMap((items) => items.flatMap((item) => item.file ?? []));
  return {
    state: step.state,
    items: Object.fromEntries(Object.entries(step.outputs).map(([port, items]) => [port, items.length])),
    thumbnail: files.find((file) => file.kind === 'image') ?? null,
    credits: step.credits,
    error: step.error,
    reason: step.reason,
    ...(took === undefined ? {} : { durationMs: took }),
  };
}
