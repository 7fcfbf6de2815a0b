/** Thrown by a node when trying again cannot help: the item fails at once. The message is what people read. */
export class NonRetryableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NonRetryableError';
  }
}

/** Thrown by a node when a service asks to be left alone for a while: the next attempt waits at least `afterMs` milliseconds. */
export class RetryLaterError extends Error {
  readonly afterMs: number;

  constructor({ afterMs, message }: { afterMs: number; message?: string }, options?: ErrorOptions) {
    super(message ?? `Asked to try again after ${afterMs} ms.`, options);
    this.name = 'RetryLaterError';
    this.afterMs = afterMs;
  }
}

/** Whether an error says that trying again cannot help. Told by its name, for a node package may bring a copy of this kit of its own. */
export function isNonRetryable(error: unknown): boolean {
  return error instanceof Error && error.name === 'NonRetryableError';
}

/** Milliseconds a service asked to be left alone for; undefined for other errors. Told by the error's name, as above. */
export function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof Error) || error.name !== 'RetryLaterError' || !('afterMs' in error)) return undefined;
  return Number(error.afterMs);
}
