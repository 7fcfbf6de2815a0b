import { type HttpRequest, NonRetryableError } from '@imaginarium/node-sdk';
import type { Response } from 'undici';

/** What goes along to another origin: anything else may be a secret of the first one. */
const FOR_EVERYBODY = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/** A request as a redirect has it sent again. */
export interface Hop {
  url: URL;
  request: HttpRequest;
}

/**
 * Where an answer sends its request.
 * @returns undefined when it does not.
 * @throws {NonRetryableError} for a place that it may not be sent to.
 */
export function nextHop(
  from: URL,
  request: HttpRequest,
  response: Pick<Response, 'status' | 'headers'>,
): Hop | undefined {
  const { status } = response;
  const location = response.headers.get('location');
  if (location === null || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const url = URL.parse(location, from.href);
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    throw new NonRetryableError(`${from.host} redirects to something that is no address of the web.`);
  if (from.protocol === 'https:' && url.protocol === 'http:')
    throw new NonRetryableError(`${from.host} redirects from https to http, where others could listen.`);
  const method = request.method ?? 'GET';
  const becomesGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  const { body, headers = {}, ...rest } = request;
  const kept = Object.entries(headers).filter(
    ([name]) => (url.origin === from.origin || FOR_EVERYBODY.has(name)) && !(becomesGet && name === 'content-type'),
  );
  const asked = { ...rest, headers: Object.fromEntries(kept) };
  if (becomesGet) return { url, request: { ...asked, method: 'GET' } };
  return { url, request: body === undefined ? asked : { ...asked, body } };
}
