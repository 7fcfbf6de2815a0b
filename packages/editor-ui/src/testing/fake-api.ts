import { API_PREFIX } from '@imaginarium/protocol';
import { vi } from 'vitest';

/** What a test server answers: a body, or a refusal. */
export type FakeAnswer = { status?: number; body?: unknown };

export interface FakeCall {
  method: string;
  /** Below the API's prefix, with its query. */
  path: string;
  body: unknown;
}

/** A refusal as the server words it. */
export function refusal(status: number, code: string, message: string): FakeAnswer {
  return { status, body: { error: { code, message, requestId: 'req_test' } } };
}

/**
 * Answers the client's requests in a component test, by "METHOD /path" without the query. What is not named is not found.
 * @returns the calls that were made, as they are made.
 */
export function fakeApi(answers: Record<string, FakeAnswer | ((call: FakeCall) => FakeAnswer)>): FakeCall[] {
  const calls: FakeCall[] = [];
  vi.stubGlobal('fetch', async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, 'http://localhost');
    const call: FakeCall = {
      method: init.method ?? 'GET',
      path: url.pathname.slice(API_PREFIX.length) + url.search,
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
    };
    calls.push(call);
    const found = answers[`${call.method} ${url.pathname.slice(API_PREFIX.length)}`];
    const answer = typeof found === 'function' ? found(call) : found;
    const { status = 200, body } = answer ?? refusal(404, 'not-found', 'No such address.');
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status: body === undefined ? 204 : status,
    });
  });
  return calls;
}
