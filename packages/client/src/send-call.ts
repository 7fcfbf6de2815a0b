import type { Route } from '@imaginarium/protocol';
import { ConnectionError, parseJson, readApiError } from './errors.ts';

/** What a route takes, before types know which route it is. */
export interface Call {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

export interface SendOptions {
  headers: Record<string, string>;
  signal?: AbortSignal | undefined;
  idempotencyKey?: string | undefined;
  keepalive?: boolean | undefined;
}

/**
 * Sends one call and reads its answer. Answers of a good status are trusted, not parsed: the server checked them against the
 * same schema, and a newer server may say more than this client knows.
 */
export async function sendCall(
  send: typeof fetch,
  prefix: string,
  route: Route,
  input: Call,
  options: SendOptions,
): Promise<unknown> {
  const url = prefix + fillPath(route.path, input.params ?? {}) + queryOf(input.query ?? {});
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
  const init: RequestInit = { method: route.method.toUpperCase(), headers };
  if (options.signal) init.signal = options.signal;
  if (options.keepalive) init.keepalive = true;
  if (input.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(input.body);
  }
  const response = await fetchOr(send, url, init);
  const text = await textOf(response, url, options.signal);
  if (!response.ok) throw readApiError(response.status, text);
  if (route.response === undefined) return undefined;
  const answer = parseJson(text);
  if (answer === undefined) throw readApiError(response.status, text);
  return answer;
}

/** Fetches, and turns a line that broke into a ConnectionError; an abort keeps the signal's reason. */
export async function fetchOr(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw init.signal.reason;
    throw new ConnectionError(url, error);
  }
}

async function textOf(response: Response, url: string, signal: AbortSignal | undefined): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new ConnectionError(url, error);
  }
}

function fillPath(path: string, params: Record<string, unknown>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
}

function queryOf(query: Record<string, unknown>): string {
  const pairs = Object.entries(query).flatMap(([key, value]): [string, string][] =>
    value === undefined ? [] : [[key, String(value)]],
  );
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : '';
}
