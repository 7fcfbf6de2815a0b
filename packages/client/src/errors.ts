import { type ErrorBody, type ErrorCode, errorBodySchema, type Json } from '@imaginarium/protocol';

/** A code of the API, or `unexpected-answer` when what answered does not speak the API (a proxy, another program). */
export type ClientErrorCode = ErrorCode | 'unexpected-answer';

/** The server understood the call and refused it, in the words it gave. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ClientErrorCode;
  /** The HTTP status. */
  readonly status: number;
  /** What was wrong in detail, such as the list of problems of a graph. */
  readonly details: Json | undefined;
  /** Names the request in the server's log; empty when what answered gave none. */
  readonly requestId: string;

  constructor(
    status: number,
    error: { code: ClientErrorCode; message: string; details?: Json | undefined; requestId: string },
  ) {
    super(error.message);
    this.status = status;
    this.code = error.code;
    this.details = error.details;
    this.requestId = error.requestId;
  }
}

/** No answer came: the server is not there, or the line broke. The same call may succeed later. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';

  constructor(url: string, cause?: unknown) {
    super(`No answer from ${originOf(url)}. Check that the server is running and can be reached, then try again.`, {
      cause,
    });
  }
}

/** The error that an answer with a bad status stands for, whatever its body holds. */
export function readApiError(status: number, text: string): ApiError {
  const body = errorBodySchema.safeParse(parseJson(text));
  if (body.success) return new ApiError(status, toClientError(body.data));
  return new ApiError(status, {
    code: 'unexpected-answer',
    message: `Expected an answer of the Imaginarium API, got status ${status} without one. Check the server's address.`,
    requestId: '',
  });
}

function toClientError({ error }: ErrorBody) {
  return {
    code: error.code,
    message: error.message,
    details: error.details as Json | undefined,
    requestId: error.requestId,
  };
}

/** The value a text stands for, or undefined when it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function originOf(url: string): string {
  return URL.parse(url)?.origin ?? 'the server';
}
