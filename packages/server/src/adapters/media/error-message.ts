import { FileMissingError, FileRefusedError } from '@imaginarium/engine';
import { NonRetryableError, RetryLaterError, retryAfterMs } from '@imaginarium/node-sdk';
import type { ErrorMessage } from './messages.ts';

/** Takes an error apart, to send it to another process. */
export function toErrorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  const afterMs = retryAfterMs(error);
  const code = (error as NodeJS.ErrnoException).code;
  return {
    name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(error instanceof FileRefusedError ? { reason: error.reason } : {}),
  };
}

/** Puts an error together again, of the class it had. */
export function fromErrorMessage({ name, message, code, afterMs, reason }: ErrorMessage): Error {
  if (name === 'NonRetryableError') return new NonRetryableError(message);
  if (name === 'RetryLaterError') return new RetryLaterError({ afterMs: afterMs ?? 0, message });
  if (name === 'FileMissingError') return Object.assign(new FileMissingError(''), { message });
  if (name === 'FileRefusedError') return new FileRefusedError(reason as FileRefusedError['reason'], message);
  return Object.assign(new Error(message), { name, ...(code === undefined ? {} : { code }) });
}
