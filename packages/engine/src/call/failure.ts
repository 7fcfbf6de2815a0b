import { isNonRetryable } from '@imaginarium/node-sdk';
import type { Failure } from '@imaginarium/protocol';
import { PairingError } from '../items/pair-items.ts';
import { plainText } from '../items/plain-text.ts';
import { NodeCrashError } from '../ports/node-executor.ts';
import { CallWaitsError } from './call-waits.ts';

/** One attempt at an item took longer than its policy allows. */
export class StepTimeoutError extends Error {
  constructor(timeoutMs: number) {
    super(`It took longer than its limit of ${timeoutMs / 1000} s.`);
    this.name = 'StepTimeoutError';
  }
}

/** The run was cancelled by a person, or took longer than its settings allow. */
export class RunStoppedError extends Error {
  readonly code: 'run-cancelled' | 'run-timeout' | 'run-interrupted';

  constructor(code: RunStoppedError['code'], message: string) {
    super(message);
    this.name = 'RunStoppedError';
    this.code = code;
  }
}

/** This worker stops and lets the run go as it is, so that another goes on with it. */
export class RunHandedOverError extends Error {
  constructor() {
    super('The server was stopped; the run goes on when one is there again.');
    this.name = 'RunHandedOverError';
  }
}

/** A step has failed for a reason that is put in words already. */
export class StepFailedError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'StepFailedError';
    this.failure = failure;
  }
}

/** What an error says, short enough to store and show. */
export function messageOf(error: unknown): string {
  return plainText(error instanceof Error ? error.message : error, 2000);
}

/** Whether another attempt may help. */
export function isRetryable(error: unknown): boolean {
  if (error instanceof NodeCrashError) return error.why !== 'memory';
  return !(
    error instanceof CallWaitsError ||
    isNonRetryable(error) ||
    error instanceof PairingError ||
    error instanceof RunStoppedError
  );
}

/** What a person reads of an error that ended a step. */
export function toFailure(error: unknown, node?: string): Failure {
  const message = messageOf(error);
  const at = node === undefined ? {} : { node };
  if (error instanceof StepFailedError) return error.failure;
  if (error instanceof RunStoppedError) return { code: error.code, message, ...at };
  if (error instanceof PairingError)
    return { code: 'items-do-not-pair', message, ...at, remedy: 'Bring both ports the same number of items, or one.' };
  if (error instanceof StepTimeoutError)
    return {
      code: 'step-timeout',
      message,
      ...at,
      remedy: "Raise the limit in the node's policy, or give it less work.",
    };
  if (error instanceof NodeCrashError && error.why === 'memory')
    return {
      code: 'step-out-of-memory',
      message,
      ...at,
      remedy: 'Use a smaller picture, or a machine with more memory.',
    };
  if (isNonRetryable(error)) return { code: 'step-refused', message, ...at };
  if (isDiskFull(error))
    return {
      code: 'disk-full',
      message: 'The disk is full.',
      ...at,
      remedy: 'Make room in the data folder and run it again.',
    };
  return { code: 'step-failed', message, ...at };
}

function isDiskFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ((at as NodeJS.ErrnoException).code === 'ENOSPC' || (at as NodeJS.ErrnoException).code === 'EDQUOT') return true;
  }
  return false;
}
