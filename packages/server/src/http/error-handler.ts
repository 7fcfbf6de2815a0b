import { ERRORS, type ErrorBody } from '@imaginarium/protocol';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { HttpError } from './http-error.ts';
import { asHttpError } from './known-errors.ts';

const ANSWER_HEADERS = [
  'content-type',
  'content-length',
  'content-disposition',
  'accept-ranges',
  'etag',
  'cache-control',
];

/** Answers every error in the one shape. What nobody foresaw is logged whole and told to nobody. */
export const answerErrors =
  (logger: Logger): ErrorRequestHandler =>
  (error, req, res, next) => {
    const known = asHttpError(error);
    if (!known) logger.error({ req: { id: req.id }, err: error }, 'request failed');
    if (res.headersSent) {
      // Part of the answer is out: only a broken line can still tell that it is not whole.
      next(error);
      return;
    }
    const refusal =
      known ?? new HttpError('internal', `Something failed in the server. Its log says what, under request ${req.id}.`);
    if (refusal.retryAfterSeconds !== undefined) res.setHeader('retry-after', refusal.retryAfterSeconds);
    if (ERRORS[refusal.code].retry && !res.hasHeader('retry-after')) res.setHeader('retry-after', '5');
    const body: ErrorBody = {
      error: {
        code: refusal.code,
        message: refusal.message,
        ...(refusal.details === undefined ? {} : { details: refusal.details }),
        requestId: req.id,
      },
    };
    // What the answer would have been is not what it is.
    for (const header of ANSWER_HEADERS) res.removeHeader(header);
    if (refusal.status !== 416) res.removeHeader('content-range');
    res.status(refusal.status).json(body);
  };
