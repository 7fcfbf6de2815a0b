import type { Request, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { HttpError } from './http-error.ts';

const WINDOW_MS = 60_000;
/** Refused requests of one address in a window. */
const FAILURES = 100;

/** Says the address that a request came from. */
type AddressOf = () => string | undefined;

/**
 * Stops hearing an address whose requests are refused again and again, for what is left of a minute. Requests that are good are not
 * counted: a busy sender is never slowed down.
 */
export class FailureLimit {
  readonly #failures = new Map<string, number>();
  #until = 0;

  /**
   * Refuses the request of an address that was refused too often. Addresses are asked for only where somebody was.
   * @throws {HttpError} `too-many-requests`.
   */
  check(addressOf: AddressOf): void {
    const now = Date.now();
    // One window for all: what is remembered can never outgrow a minute.
    if (now >= this.#until) {
      this.#failures.clear();
      this.#until = now + WINDOW_MS;
    }
    if (this.#failures.size === 0 || (this.#failures.get(keyOf(addressOf)) ?? 0) < FAILURES) return;
    const retryAfterSeconds = Math.ceil((this.#until - now) / 1000);
    const message = `Too many refused requests. Try again in ${retryAfterSeconds} seconds.`;
    throw new HttpError('too-many-requests', message, undefined, { retryAfterSeconds });
  }

  /** Counts a request that is answered with this status, if it is refused by it. */
  count(status: number, addressOf: AddressOf): void {
    if (status < 400 || status >= 500) return;
    const key = keyOf(addressOf);
    this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
  }

  /** Checks a request, and counts it once it is answered. @throws {HttpError} as {@link check}. */
  watch(req: Request, res: Response): void {
    const addressOf = () => req.ip;
    this.check(addressOf);
    res.once('finish', () => this.count(res.statusCode, addressOf));
  }
}

function keyOf(addressOf: AddressOf): string {
  return ipKeyGenerator(addressOf() ?? '');
}
