import { ERRORS, type ErrorBody } from '@imaginarium/protocol';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { HttpError } from './http-error.ts';
import { asHttpError } from './known-errors.ts';

/** When to try again, where nobody knows better. */
const RETRY_SECONDS = 5;

const ANSWER_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'accept-ranges',
  'etag',
  'cache-control',
];

/** Answers every error in the one shape. */
export const answerErrors =
  (logger: Logger): ErrorRequestHandler =>
  (error, req, res, next) => {
    const refusal = refusalOf(error, req.id, logger);
    if (res.headersSent) {
      // Part of the answer is out: only a broken line can still tell that it is not whole.
      next(error);
      return;
    }
    const retryAfter = retryAfterOf(refusal);
    if (refusal.retryAfterSeconds !== undefined || !res.hasHeader('retry-after')) {
      if (retryAfter !== undefined) res.setHeader('retry-after', retryAfter);
    }
    // What the answer would have been is not what it is.
    for (const header of ANSWER_HEADERS) res.removeHeader(header);
    if (refusal.status !== 416) res.removeHeader('content-range');
    res.status(refusal.status).json(errorBody(refusal, req.id));
  };

/** The refusal that an error is answered with. What nobody foresaw is logged whole and told to nobody. */
export function refusalOf(error: unknown, requestId: string, logger: Logger): HttpError {
  const known = asHttpError(error);
  if (known) return known;
  logger.error({ req: { id: requestId }, err: error }, 'request failed');
  return new HttpError('internal', `Something failed in the server. Its log says what, under request ${requestId}.`);
}

/** After how many seconds the same request may do better; undefined where it will not. */
export function retryAfterOf({ retryAfterSeconds, code }: HttpError): number | undefined {
  return retryAfterSeconds ?? (ERRORS[code].retry ? RETRY_SECONDS : undefined);
}

/** The one shape of all errors. */
export function errorBody({ code, message, details }: HttpError, requestId: string): ErrorBody {
  return { error: { code, message, ...(details === undefined ? {} : { details }), requestId } };
}
