import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HookAnswer } from '@imaginarium/protocol';
import type { Logger } from 'pino';
import { errorBody, refusalOf, retryAfterOf } from './error-handler.ts';

/** What an answer says of itself in browsers and caches: what it holds is up to a workflow, so no browser executes it. */
const SANDBOX = "sandbox; default-src 'none'";

/** A request to a webhook. It is answered in one write, by headers that were put together once for its host. */
export class HookCall {
  readonly req: IncomingMessage;
  /** Whether its sender was recognised: they guess nothing. */
  isKnown = false;
  /** Told when the line to the caller is closed, answered or not. */
  onClosed: (() => void) | undefined;
  readonly #res: ServerResponse;
  readonly #headers: readonly string[];

  /** @param headers names and values that every answer has. */
  constructor(req: IncomingMessage, res: ServerResponse, headers: readonly string[]) {
    this.req = req;
    this.#res = res;
    this.#headers = headers;
  }

  answer({ status, contentType, body }: HookAnswer): void {
    this.#write(status, contentType, body, ['cache-control', 'no-store']);
  }

  /**
   * Answers with an error, in the one shape that all of them have.
   * @param more names and values of further headers.
   * @returns its status.
   */
  refuse(error: unknown, logger: Logger, more: readonly string[] = []): number {
    const { id } = this.req;
    const refusal = refusalOf(error, id, logger);
    const retryAfter = retryAfterOf(refusal);
    const later = retryAfter === undefined ? [] : ['retry-after', String(retryAfter)];
    const body = JSON.stringify(errorBody(refusal, id));
    this.#write(refusal.status, 'application/json', body, [...later, ...more]);
    return refusal.status;
  }

  #write(status: number, contentType: string, body: string, more: readonly string[]): void {
    const { req } = this;
    const res = this.#res;
    if (res.destroyed) return;
    const own = ['x-request-id', req.id, 'content-type', `${contentType}; charset=utf-8`];
    const length = ['content-length', String(Buffer.byteLength(body))];
    res.writeHead(status, [...this.#headers, ...own, ...length, ...more]);
    res.end(req.method === 'HEAD' ? undefined : body);
  }
}

/** Names and values of a host's headers, as answers to webhooks have them. */
export function hookHeaders(headers: ReadonlyMap<string, string>): string[] {
  return [...new Map([...headers, ['content-security-policy', SANDBOX]])].flat();
}
