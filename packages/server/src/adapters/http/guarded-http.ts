import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { CallLimits, HttpClient } from '@imaginarium/engine';
import { type HttpAnswer, type HttpRequest, NonRetryableError } from '@imaginarium/node-sdk';
import type { Dispatcher, fetch as Fetch, Response } from 'undici';
import { AddressRefusedError, AddressRules } from './address-rules.ts';
import { Circuits, OutageError } from './circuits.ts';
import { headersFor, headersOf } from './http-headers.ts';
import { nextHop } from './redirects.ts';
import { ShownKeys } from './shown-keys.ts';

export interface GuardedHttpOptions {
  /** Names, addresses and ranges that may be called though they are not public. */
  allowed: readonly string[];
  /** Bytes of an answer that is written to a file. */
  fileLimitBytes: number;
  circuits?: Circuits;
}

const TIMEOUT_MS = 60_000;
/** Bytes of an answer that is kept in memory. */
const MEMORY_LIMIT_BYTES = 10_000_000;
const MOST_REDIRECTS = 5;

/** The one way out to other services: to public addresses, with limits on redirects, time and bytes, and with pauses for what does not work. */
export class GuardedHttp implements HttpClient {
  readonly #options: GuardedHttpOptions;
  readonly #rules: AddressRules;
  readonly #circuits: Circuits;
  readonly #shownKeys = new ShownKeys();
  #transport: Promise<Transport> | undefined;

  /** @throws {Error} for an entry of what is allowed that cannot be read. */
  constructor(options: GuardedHttpOptions) {
    this.#options = options;
    this.#rules = new AddressRules(options.allowed);
    this.#circuits = options.circuits ?? new Circuits();
  }

  async fetch(
    workspaceId: string,
    url: string,
    request: HttpRequest,
    ofStep: AbortSignal,
    { check, signal: ofTask }: CallLimits = {},
  ): Promise<HttpAnswer> {
    const signal = ofTask ? AbortSignal.any([ofStep, ofTask]) : ofStep;
    const first = readUrl(url);
    check?.(first);
    const headers = headersFor(request.headers ?? {});
    const method = methodOf(request);
    const { timeoutMs = TIMEOUT_MS } = request;
    const limit = AbortSignal.timeout(timeoutMs);
    const either = AbortSignal.any([signal, limit]);
    const keys = this.#shownKeys.digestOf(first, headers);
    return this.#circuits.call({ workspaceId, host: first.host, keys }, async () => {
      try {
        return await this.#follow(first, { ...request, method, headers }, either, check);
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (limit.aborted)
          throw new OutageError(`${first.host} did not answer in ${timeoutMs / 1000} s.`, { cause: error });
        throw asPeopleReadIt(first.host, error);
      }
    });
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await (await this.#transport)?.dispatcher.destroy();
  }

  async #follow(
    first: URL,
    request: HttpRequest,
    signal: AbortSignal,
    check: CallLimits['check'],
  ): Promise<HttpAnswer> {
    // Loaded when somebody calls a service: most servers at rest never do.
    this.#transport ??= openTransport(this.#rules);
    const { fetch, dispatcher } = await this.#transport;
    let hop = { url: first, request };
    for (let redirects = 0; ; redirects++) {
      const { url, request: asked } = hop;
      const body = bodyOf(asked);
      const response = await fetch(url, {
        ...{ method: asked.method ?? 'GET', headers: asked.headers ?? {}, redirect: 'manual', dispatcher, signal },
        ...(body === undefined ? {} : { body, duplex: 'half' }),
      });
      const next = nextHop(url, asked, response);
      if (!next) return this.#read(response, url, asked);
      await response.body?.cancel();
      if (redirects === MOST_REDIRECTS)
        throw new NonRetryableError(`${first.host} redirects more than ${MOST_REDIRECTS} times.`);
      check?.(next.url);
      hop = next;
    }
  }

  async #read(response: Response, url: URL, { saveTo }: HttpRequest): Promise<HttpAnswer> {
    const limit = saveTo === undefined ? MEMORY_LIMIT_BYTES : this.#options.fileLimitBytes;
    const file = saveTo === undefined ? undefined : await open(saveTo, 'wx');
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    try {
      for await (const chunk of response.body ?? []) {
        bytes += chunk.length;
        if (bytes > limit)
          throw new NonRetryableError(`The answer of ${url.host} is larger than the limit of ${limit / 1e6} MB.`);
        if (file) await file.writeFile(chunk);
        else chunks.push(chunk);
      }
    } finally {
      await file?.close();
    }
    const headers = headersOf(response.headers);
    return { status: response.status, url: url.href, headers, body: Buffer.concat(chunks), bytes };
  }
}

interface Transport {
  fetch: typeof Fetch;
  dispatcher: Dispatcher;
}

async function openTransport(rules: AddressRules): Promise<Transport> {
  const [{ fetch }, { guardedAgent }] = await Promise.all([import('undici'), import('./guarded-agent.ts')]);
  return { fetch, dispatcher: guardedAgent(rules) };
}

/** @throws {NonRetryableError} for what is no address of the web. */
function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new NonRetryableError(
      `url: expected an address such as https://api.example.com/v1, received "${text.slice(0, 200)}".`,
    );
  if (url.username !== '' || url.password !== '')
    throw new NonRetryableError('url: expected no name and password in it. Send them in the header Authorization.');
  return url;
}

/** @throws {NonRetryableError} for what is no method, and for one that sends nothing with something to send. */
function methodOf({ method = 'GET', body }: HttpRequest): string {
  const upper = method.toUpperCase();
  if (!/^[A-Z]{1,20}$/.test(upper) || ['CONNECT', 'TRACE', 'TRACK'].includes(upper))
    throw new NonRetryableError(`method: expected one such as GET or POST, received "${method.slice(0, 40)}".`);
  if (body !== undefined && (upper === 'GET' || upper === 'HEAD'))
    throw new NonRetryableError(`method: ${upper} sends nothing. Use POST or PUT, or leave the body out.`);
  return upper;
}

function bodyOf({ body }: HttpRequest) {
  if (typeof body === 'object' && 'path' in body) return createReadStream(body.path);
  return body;
}

/** What went wrong underneath, told with the host; what the guard refuses is refused for good. */
function asPeopleReadIt(host: string, error: unknown): unknown {
  if (error instanceof NonRetryableError) return error;
  let last = error;
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AddressRefusedError) return new NonRetryableError(at.message, { cause: error });
    last = at;
  }
  const reason = last instanceof AggregateError ? last.errors[0] : last;
  const { code, message } = reason as { code?: string; message?: string };
  if (isOwnDisk(code)) return error;
  // Fetch knows ports that other protocols have, such as mail, and never calls them.
  if (message === 'bad port')
    return new NonRetryableError(
      `${host}: expected a port for the web, such as 443, received one of another service.`,
      {
        cause: error,
      },
    );
  return new OutageError(`${host} cannot be reached: ${message || code}.`, { cause: error });
}

/** Errors of the file that an answer is written to, or a body is read from, are no fault of the service. */
function isOwnDisk(code: string | undefined): boolean {
  return ['ENOSPC', 'EDQUOT', 'ENOENT', 'EEXIST', 'EACCES', 'EROFS', 'EIO'].includes(code ?? '');
}
