import type { IncomingMessage } from 'node:http';
import { findUnsafeJson, type Json, type JsonObject, jsonObjectSchema } from '@imaginarium/protocol';
import { HttpError } from './http-error.ts';

/** Headers that may carry secrets of the caller, or say nothing to a workflow. */
const LEFT_OUT = new Set(['authorization', 'cookie', 'proxy-authorization', 'webhook-signature', 'connection', 'host']);

/**
 * What a webhook brings to its run: JSON and forms as data, everything else as text.
 * @throws {HttpError} `bad-request` for a body that is not what it says, or that cannot be stored.
 */
export function deliveryOf(req: IncomingMessage, body: Buffer): JsonObject {
  const delivery: JsonObject = {
    method: req.method ?? '',
    headers: headersOf(req),
    query: queryOf(req.url ?? ''),
    body: bodyOf(req, body),
  };
  if (!findUnsafeJson(delivery)) return delivery;
  // It is refused, unless it is only nested deeper than most are.
  const parsed = jsonObjectSchema.safeParse(delivery);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpError('bad-request', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'cannot be stored'}`);
}

function headersOf({ headers }: IncomingMessage): JsonObject {
  const kept: JsonObject = {};
  // Node leaves out one that is called "__proto__".
  for (const name in headers) if (!LEFT_OUT.has(name)) kept[name] = String(headers[name]);
  return kept;
}

function queryOf(url: string): JsonObject {
  return url.includes('?') ? pairsOf(new URL(url, 'http://localhost').searchParams) : {};
}

/** Such as `application/vnd.api+json`. */
const KIND_OF_JSON = /^[a-z0-9][\w!#$&^-]*\/[a-z0-9][\w!#$&^.-]*\+json$/;

/** One for all: it holds on to nothing between two texts. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function bodyOf(req: IncomingMessage, body: Buffer): Json {
  if (body.length === 0) return null;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new HttpError('unsupported-media-type', 'body: expected text in UTF-8, received other bytes.');
  }
  const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/x-www-form-urlencoded') return pairsOf(new URLSearchParams(text));
  if (type !== 'application/json' && !KIND_OF_JSON.test(type)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new HttpError('bad-request', 'body: expected JSON, received text that is not');
  }
}

/** Names with their values; a list where one comes several times. */
function pairsOf(params: URLSearchParams): JsonObject {
  // Entries, not assignments: "__proto__" must become a key that is refused, not a prototype.
  return Object.fromEntries(
    [...new Set(params.keys())].map((name): [string, Json] => {
      const values = params.getAll(name);
      return [name, values.length === 1 ? (values[0] as string) : values];
    }),
  );
}
