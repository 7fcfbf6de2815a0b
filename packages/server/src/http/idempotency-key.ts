import type { Request } from 'express';
import { HttpError } from './http-error.ts';

/** The header Idempotency-Key; undefined when it was not sent. @throws {HttpError} `bad-request` when it is not a key. */
export function idempotencyKeyOf(req: Request): string | undefined {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new HttpError(
    'bad-request',
    `Idempotency-Key: expected 1 to 255 plain characters, received ${String(key).length}`,
  );
}
