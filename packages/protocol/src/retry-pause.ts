import type { RetryPolicy } from './graph.ts';

/** No pause of a policy is longer, in milliseconds: six hours. */
const LONGEST_PAUSE_MS = 6 * 3_600_000;

/**
 * How long a policy waits between two tries: each pause longer than the one before.
 * @param count the try that failed, counted from 1.
 * @returns milliseconds; with `jitter`, chance takes up to half of them off.
 */
export function retryPauseMs({ backoffMs, factor }: Pick<RetryPolicy, 'backoffMs' | 'factor'>, count: number): number {
  return Math.min(backoffMs * factor ** (count - 1), LONGEST_PAUSE_MS);
}
