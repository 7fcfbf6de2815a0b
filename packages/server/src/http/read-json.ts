import express, { type RequestHandler } from 'express';
import { HttpError } from './http-error.ts';

/** How long a JSON body may take to arrive. */
const BODY_TIMEOUT_MS = 60_000;

/**
 * Reads a JSON body up to a limit. The parser is chosen by the route, never by what the request says of itself.
 * @param limitBytes of the body as JSON text, after decompression.
 */
export function readJson(limitBytes: number): RequestHandler {
  const parse = express.json({ limit: limitBytes, type: () => true, strict: false });
  return (req, res, next) => {
    if (!req.is('application/json')) {
      const received = req.headers['content-type'] ?? 'no content type';
      throw new HttpError('unsupported-media-type', `Expected a body of application/json, received ${received}.`);
    }
    const timer = setTimeout(() => req.destroy(), BODY_TIMEOUT_MS);
    parse(req, res, (error?: unknown) => {
      clearTimeout(timer);
      next(error);
    });
  };
}
