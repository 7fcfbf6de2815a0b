import { NonRetryableError } from '@imaginarium/node-sdk';
import type { Headers } from 'undici';

/** What the transport sets: somebody else's would make two requests of one, or reach another host than the one that was checked. */
const OWN = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect', 'keep-alive'],
  ...['proxy-authorization', 'proxy-connection', 'accept-encoding'],
]);
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** The headers of a request, checked, with those that every request has. @throws {NonRetryableError} */
export function headersFor(given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'Imaginarium' };
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase();
    if (!NAME.test(name)) throw new NonRetryableError(`headers: expected a name such as Accept, received "${name}".`);
    if (OWN.has(lower)) throw new NonRetryableError(`headers: ${name} is set by itself. Leave it out.`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
    if (/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value))
      throw new NonRetryableError(`headers: ${name} holds a character that a header cannot carry.`);
    headers[lower] = value;
  }
  return headers;
}

/** The headers of an answer, by name in lower case. */
export function headersOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(headers);
}
