import { retryAfterMs } from '@imaginarium/node-sdk';
import { type NodePolicy, type RetryPolicy, retryPolicySchema } from '@imaginarium/protocol';
import type { Clock } from '../ports/clock.ts';
import { abortAfter } from './abort-after.ts';
import { isRetryable, StepTimeoutError } from './failure.ts';

export interface AttemptOptions {
  policy: NodePolicy | undefined;
  clock: Clock;
  signal: AbortSignal;
  /** Told before each further attempt. */
  onRetry: (attempt: number, delayMs: number, error: unknown) => void;
  /** Random number between 0 and 1, for the jitter. */
  random?: () => number;
}

/**
 * Calls a task until it succeeds or its policy is used up: each attempt with its time limit, each pause longer than the one before.
 * @throws the last attempt's error.
 */
export async function attempt<Result>(
  task: (signal: AbortSignal, attempt: number) => Promise<Result>,
  { policy, clock, signal, onRetry, random = Math.random }: AttemptOptions,
): Promise<Result> {
  const retry = retryPolicySchema.parse(policy?.retry ?? {});
  for (let count = 1; ; count++) {
    try {
      return await withTimeout((limited) => task(limited, count), policy?.timeoutMs, signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (count >= retry.attempts || !isRetryable(error)) throw error;
      const delayMs = delayAfter(count, retry, error, random);
      onRetry(count + 1, delayMs, error);
      await clock.sleep(delayMs, signal);
    }
  }
}

/** Milliseconds to wait after the n-th attempt: exponential, with up to half taken off at random, but never less than a service asked for. */
function delayAfter(count: number, retry: RetryPolicy, error: unknown, random: () => number): number {
  const full = Math.min(retry.backoffMs * retry.factor ** (count - 1), 6 * 3_600_000);
  const delayMs = Math.round(retry.jitter ? full * (1 - random() / 2) : full);
  return Math.max(delayMs, retryAfterMs(error) ?? 0);
}

async function withTimeout<Result>(
  task: (signal: AbortSignal) => Promise<Result>,
  timeoutMs: number | undefined,
  signal: AbortSignal,
): Promise<Result> {
  if (timeoutMs === undefined) return task(signal);
  const limit = new AbortController();
  const callOff = abortAfter(timeoutMs, limit, () => new StepTimeoutError(timeoutMs));
  try {
    return await task(AbortSignal.any([signal, limit.signal]));
  } catch (error) {
    // What a node throws when it is aborted says less than why it was.
    throw limit.signal.aborted ? limit.signal.reason : error;
  } finally {
    callOff();
  }
}
