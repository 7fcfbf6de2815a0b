import { type Json, type JsonObject, jsonObjectSchema } from '@imaginarium/protocol';
import type { Request } from 'express';
import { HttpError } from './http-error.ts';

/** Headers that may carry secrets of the caller, or say nothing to a workflow. */
const LEFT_OUT = new Set(['authorization', 'cookie', 'proxy-authorization', 'webhook-signature', 'connection', 'host']);

/**
 * What a webhook brings to its run: JSON and forms as data, everything else as text.
 * @throws {HttpError} `bad-request` for a body that is not what it says, or that cannot be stored.
 */
export function deliveryOf(req: Request, body: Buffer): JsonObject {
  const headers = Object.entries(req.headers).filter(([name]) => !LEFT_OUT.has(name));
  const delivery = {
    method: req.method,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    query: queryOf(req.originalUrl),
    body: bodyOf(req, body),
  };
  const parsed = jsonObjectSchema.safeParse(delivery);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new HttpError('bad-request', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'cannot be stored'}`);
}

function queryOf(url: string): JsonObject {
  return url.includes('?') ? pairsOf(new URL(url, 'http://localhost').searchParams) : {};
}

/** One for all: it holds on to nothing between two texts. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function bodyOf(req: Request, body: Buffer): Json {
  if (body.length === 0) return null;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new HttpError('unsupported-media-type', 'body: expected text in UTF-8, received other bytes.');
  }
  const kind = req.is(['application/json', '+json', 'application/x-www-form-urlencoded']);
  if (kind === 'application/x-www-form-urlencoded') return pairsOf(new URLSearchParams(text));
  if (!kind) return text;
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
