/** Moments at which a test ends the process, as a power cut might: between what was done and what is written down of it. */
export const KILL_POINTS = [
  'after-accept-commit',
  'dequeue',
  'step-start',
  'effect-done-before-record',
  'output-temp-written',
  'output-renamed-before-commit',
  'checkpoint-before',
  'checkpoint-after',
  'settle-before',
] as const;
/** Such moments of runs that wait: a run that does not never comes to them. */
export const WAIT_KILL_POINTS = ['park-before', 'park-after', 'answer-before', 'answer-after'] as const;
/** Such moments of runs that are cancelled while others that they started are at work. */
export const CANCEL_KILL_POINTS = ['cancelled-before-children'] as const;
/** Such moments when a run has ended, and what comes after it is still to do: its results have not come to their assets. */
export const END_KILL_POINTS = ['settle-after'] as const;
/** All of them. */
export const ALL_KILL_POINTS = [
  ...KILL_POINTS,
  ...WAIT_KILL_POINTS,
  ...CANCEL_KILL_POINTS,
  ...END_KILL_POINTS,
] as const;
export type KillPoint = (typeof ALL_KILL_POINTS)[number];

/** Told that the process has come to a kill point. */
export type ReachKillPoint = (point: KillPoint) => void;

/** Where the process ends: when it comes to the point for the n-th time, counted from 1. */
export interface KillAt {
  point: KillPoint;
  count: number;
}

/**
 * Ends this process at once, without a chance to tidy up, when it comes to the point for the n-th time.
 * @param at counted down; who wants the process to end elsewhere sets it anew.
 */
export function killAt(at: KillAt): ReachKillPoint {
  return (reached) => {
    if (reached === at.point && --at.count === 0) process.kill(process.pid, 'SIGKILL');
  };
}
