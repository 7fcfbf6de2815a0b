import { ERRORS, type ErrorCode, type Json } from '@imaginarium/protocol';

/** A refusal that reaches the caller as it is: a code, words for a person, and details for a program. */
export class HttpError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: Json | undefined;
  /** When the same request may do better, where that is known: told in `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details?: Json,
    options?: ErrorOptions & { retryAfterSeconds?: number },
  ) {
    super(message, options);
    this.name = 'HttpError';
    this.code = code;
    this.status = ERRORS[code].status;
    this.details = details;
    this.retryAfterSeconds = options?.retryAfterSeconds;
  }
}

/** The answer to an id that is not there, or is somebody else's: nobody can tell which. */
export function notFound(what: string, id: string): HttpError {
  return new HttpError('not-found', `There is no ${what} ${id.slice(0, 64)} in this workspace.`);
}
