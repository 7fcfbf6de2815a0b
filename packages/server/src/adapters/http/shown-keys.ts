import { createHmac, randomBytes } from 'node:crypto';

/** Words in names of what lets a request in, and such names that are written as one word. */
const KEY_WORDS = new Set([
  ...['auth', 'authorization', 'key', 'token', 'secret', 'password', 'passwd', 'credential', 'credentials', 'cookie'],
  ...['jwt', 'session', 'username', 'apikey', 'appkey', 'accesskey', 'authkey', 'apitoken', 'accesstoken', 'authtoken'],
  ...['appid', 'clientid', 'clientsecret', 'sessionid'],
]);
/** With one of these it is the name of something else, which may well differ from request to request. */
const OTHER_WORDS = new Set([
  ...['idempotency', 'csrf', 'xsrf', 'page', 'next', 'continuation', 'sync', 'cursor', 'nonce', 'message'],
  ...['cache', 'partition', 'routing', 'sort', 'object', 'dedupe', 'request', 'surrogate', 'signature', 'timestamp'],
]);

/** One `name=value` of a header such as `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...`. */
const PART = /([\w-]+)=("[^"]*"|[^\s",]*)/;
const ALL_PARTS = new RegExp(`^(?:[\\w-]+ +)?${PART.source}(?: *, *${PART.source})*$`);

/**
 * Tells with which keys requests ask to be let in: by headers such as `Authorization`, `X-Api-Key` or `Cookie`, or by parameters of the
 * address such as `api_key`. What it tells stands for the keys without giving them away, and means nothing to another process.
 */
export class ShownKeys {
  readonly #secret = randomBytes(32);

  /**
   * A digest of the keys that a request shows: the same for the same keys, in whatever order they come and whatever else comes with them.
   * @returns undefined where it shows none.
   */
  digestOf(url: URL, headers: Readonly<Record<string, string>>): string | undefined {
    const shown = [
      ...Object.entries(headers)
        .filter(isOfKey)
        .map(([name, value]) => ['header', name.toLowerCase(), lasting(value)]),
      ...[...url.searchParams].filter(isOfKey).map(([name, value]) => ['address', name, value]),
    ].map((key) => JSON.stringify(key));
    if (shown.length === 0) return undefined;
    return createHmac('sha256', this.#secret).update(shown.toSorted().join()).digest('base64url');
  }
}

function isOfKey([name]: [name: string, value: string]): boolean {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) => KEY_WORDS.has(word)) && !words.some((word) => OTHER_WORDS.has(word));
}

/** Of a header that signs its request, what names the key: the rest is made anew for each. */
function lasting(value: string): string {
  if (!ALL_PARTS.test(value)) return value;
  const parts = [...value.matchAll(new RegExp(PART, 'g'))].map(([, name = '', said = '']): [string, string] => [
    name,
    said,
  ]);
  const named = parts.filter(isOfKey);
  return named.length === 0 ? value : JSON.stringify(named);
}
