import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses requests that change something and that another site's page sent with this person's cookie. Programs, which send no
 * Origin, pass: they have no cookie that was not given to them.
 * @throws {HttpError} `foreign-origin`.
 */
export function refuseForeignOrigin(req: IncomingMessage, publicUrl: string | null): void {
  if (SAFE_METHODS.has(req.method ?? '')) return;
  if (isOwnOrigin(req, publicUrl)) return;
  throw new HttpError(
    'foreign-origin',
    `A page of ${req.headers.origin ?? 'another site'} tried to change something here. Open Imaginarium at its own address; behind a proxy, set IMAGINARIUM_PUBLIC_URL to it.`,
  );
}

/** Whether a request comes from a page of this server, or from no page at all. */
export function isOwnOrigin(req: IncomingMessage, publicUrl: string | null): boolean {
  const { origin, host } = req.headers;
  if (origin === undefined) {
    const site = req.headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }
  if (publicUrl !== null && origin === publicUrl) return true;
  const from = URL.parse(origin);
  return from !== null && ['http:', 'https:'].includes(from.protocol) && from.host === host?.toLowerCase();
}
