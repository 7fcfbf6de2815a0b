import { writeFile } from 'node:fs/promises';
import type { HttpAnswer, HttpRequest, NodeHttp } from '../http.ts';

/** What a test has a service answer. */
export interface TestAnswer {
  /** Default 200. */
  status?: number;
  headers?: Record<string, string>;
  /** Default: empty. */
  body?: string | Uint8Array;
}

/** Answers requests of nodes under test, and calls nobody. */
export class TestHttp implements NodeHttp {
  /** What was asked, in order. */
  readonly requests: ({ url: string } & HttpRequest)[] = [];
  readonly #answer: (url: string, request: HttpRequest) => TestAnswer;

  /** @param answer what each request is answered; left out: 200 with `{}`. */
  constructor(answer: (url: string, request: HttpRequest) => TestAnswer = () => ({ body: '{}' })) {
    this.#answer = answer;
  }

  async fetch(url: string, request: HttpRequest = {}): Promise<HttpAnswer> {
    this.requests.push({ url, ...request });
    const { status = 200, headers = {}, body = '' } = this.#answer(url, request);
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    const answer = { status, url, headers: { 'content-type': 'application/json', ...headers }, bytes: bytes.length };
    if (request.saveTo === undefined) return { ...answer, body: bytes };
    await writeFile(request.saveTo, bytes);
    return { ...answer, body: new Uint8Array() };
  }
}
