import { retryAfterMs } from '@imaginarium/node-sdk';
import { type NodePolicy, type RetryPolicy, retryPauseMs, retryPolicySchema } from '@imaginarium/protocol';
import { abortAfter } from '../limits/abort-after.ts';
import type { Clock } from '../ports/clock.ts';
import { CallWaitsError, LONG_RETRY_MS } from './call-waits.ts';
import { isRetryable, messageOf, StepTimeoutError } from './failure.ts';

/** Pauses longer than this give the place at work to others. */
const SHORT_PAUSE_MS = 2000;

export interface AttemptOptions {
  policy: NodePolicy | undefined;
  clock: Clock;
  signal: AbortSignal;
  /** Told before each further attempt. */
  onRetry: (attempt: number, delayMs: number, error: unknown) => void;
  /** The number of the first try, when earlier ones were made before a long pause. Default 1. */
  first?: number;
  /** Whether a pause may be too long for a worker. Default: it is slept through. */
  mayWait?: boolean;
  /** Runs a pause that is no work. Default: as it is. */
  rest?: <Value>(sleep: () => Promise<Value>) => Promise<Value>;
  /** Gets what a try needs of the machine, before its time begins. @returns what gives it back. */
  admit?: (() => Promise<() => void>) | undefined;
  /** Random number between 0 and 1, for the jitter. */
  random?: () => number;
}

/**
 * Calls a task until it succeeds or its policy is used up: each attempt with its time limit, each pause longer than the one before.
 * @throws the last attempt's error; {@link CallWaitsError} when the next attempt is so far away that no worker should hold it.
 */
export async function attempt<Result>(
  task: (signal: AbortSignal, attempt: number) => Promise<Result> | Result,
  {
    policy,
    clock,
    signal,
    onRetry,
    first = 1,
    mayWait = false,
    rest = (sleep) => sleep(),
    admit,
    random = Math.random,
  }: AttemptOptions,
): Promise<Result> {
  for (let count = first; ; count++) {
    try {
      return await admitted(admit, () => withTimeout((limited) => task(limited, count), policy?.timeoutMs, signal));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const retry = retryPolicySchema.parse(policy?.retry ?? {});
      if (count >= retry.attempts || !isRetryable(error)) throw error;
      const delayMs = delayAfter(count, retry, error, random);
      onRetry(count + 1, delayMs, error);
      if (mayWait && delayMs > LONG_RETRY_MS)
        throw new CallWaitsError({ kind: 'retry', afterMs: delayMs, attempt: count + 1, message: messageOf(error) });
      await (delayMs > SHORT_PAUSE_MS ? rest(() => clock.sleep(delayMs, signal)) : clock.sleep(delayMs, signal));
    }
  }
}

async function admitted<Result>(admit: AttemptOptions['admit'], work: () => Promise<Result>): Promise<Result> {
  if (!admit) return work();
  const leave = await admit();
  try {
    return await work();
  } finally {
    leave();
  }
}

/** Milliseconds to wait after the n-th attempt: exponential, with up to half taken off at random, but never less than a service asked for. */
function delayAfter(count: number, retry: RetryPolicy, error: unknown, random: () => number): number {
  const full = retryPauseMs(retry, count);
  const delayMs = Math.round(retry.jitter ? full * (1 - random() / 2) : full);
  return Math.max(delayMs, retryAfterMs(error) ?? 0);
}

async function withTimeout<Result>(
  task: (signal: AbortSignal) => Promise<Result> | Result,
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
