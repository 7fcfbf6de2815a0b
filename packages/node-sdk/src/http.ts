import { NonRetryableError, RetryLaterError } from './errors.ts';

/** A request to a service. */
export interface HttpRequest {
  /** Default `GET`. */
  method?: string;
  /** `host` and what says how the body travels are set by themselves. */
  headers?: Readonly<Record<string, string>>;
  /** Text, bytes, or a file of the disk, which is not read into memory. */
  body?: string | Uint8Array | { path: string };
  /** Milliseconds until the whole answer must be there. Default 60,000. */
  timeoutMs?: number;
  /** Writes the answer's body to a new file at this path, such as one under `files.folder()`, in the place of keeping it in memory. */
  saveTo?: string;
}

/** What a service answered. */
export interface HttpAnswer {
  status: number;
  /** The address that answered, after redirects. */
  url: string;
  /** By name in lower case; several of one name are joined by commas. */
  headers: Readonly<Record<string, string>>;
  /** Decompressed; empty where it was saved to a file. */
  body: Uint8Array;
  /** Bytes of the decompressed body, wherever it is. */
  bytes: number;
}

/** Calls services over HTTP. Addresses of private networks are refused unless the owner of the server allows them. */
export interface NodeHttp {
  /**
   * Sends a request, follows up to 5 redirects and gives the answer, whatever its status; {@link expectOk} refuses those that are no success.
   * A service that has failed several times in a row is left alone for a while.
   * @throws {NonRetryableError} for an address that may not be called, and an answer that is too large; {@link RetryLaterError} while the
   * service is left alone; {@link Error} when it cannot be reached or takes too long.
   */
  fetch(url: string, request?: HttpRequest): Promise<HttpAnswer>;
}

/** Characters of an answer that an error quotes. */
const QUOTED = 300;
/** Nobody is waited for longer than this, in milliseconds. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/**
 * Gives back an answer whose status says success, 200 to 299.
 * @throws {RetryLaterError} for 429, and 503 that says when to come again; {@link Error} for 408 and what is wrong with the service, which may
 * pass; {@link NonRetryableError} for everything else.
 */
export function expectOk(answer: HttpAnswer, nowMs: number = Date.now()): HttpAnswer {
  const { status, url, body, headers } = answer;
  if (status >= 200 && status < 300) return answer;
  const quoted = new TextDecoder().decode(body.subarray(0, QUOTED)).trim();
  const message = `${new URL(url).host} answered ${status}${quoted === '' ? '.' : `: ${quoted}`}`;
  const afterMs = waitAsked(headers['retry-after'], nowMs);
  if (status === 429 || (status === 503 && afterMs !== undefined))
    throw new RetryLaterError({ afterMs: afterMs ?? 0, message });
  if (status === 408 || (status >= 500 && status !== 501)) throw new Error(message);
  throw new NonRetryableError(message);
}

/** Reads `Retry-After`: seconds, or a date in one of the three forms that HTTP knows. What is neither asks for nothing. */
function waitAsked(header: string | undefined, nowMs: number): number | undefined {
  const said = header?.trim() ?? '';
  const ms = /^\d+(\.\d+)?$/.test(said) ? Number(said) * 1000 : dateAsked(said) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}

/** The oldest form names no zone: it is in UTC too, and not in that of this machine. */
function dateAsked(said: string): number {
  if (!/^[A-Z][a-z]+,? /.test(said)) return Number.NaN;
  return Date.parse(/ (GMT|UTC|[+-]\d{4})$/.test(said) ? said : `${said} GMT`);
}
