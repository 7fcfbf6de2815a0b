import type { Request, Response } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { HttpError } from './http-error.ts';

const WINDOW_MS = 60_000;
/** Refused requests of one address in a window. */
const FAILURES = 100;

/**
 * Stops hearing an address whose requests are refused again and again, for what is left of a minute. Requests that are good are not
 * counted, nor is what becomes of those whose sender was recognised (`res.locals.known`): a busy sender is never slowed down.
 */
export class FailureLimit {
  readonly #failures = new Map<string, number>();
  #until = 0;

  /**
   * Refuses the request, or counts it once it is answered badly.
   * @throws {HttpError} `too-many-requests`, with `Retry-After` set.
   */
  watch(req: Request, res: Response): void {
    const now = Date.now();
    // One window for all: what is remembered can never outgrow a minute.
    if (now >= this.#until) {
      this.#failures.clear();
      this.#until = now + WINDOW_MS;
    }
    const address = ipKeyGenerator(req.ip ?? '');
    if ((this.#failures.get(address) ?? 0) >= FAILURES) {
      const seconds = Math.ceil((this.#until - now) / 1000);
      res.setHeader('retry-after', seconds);
      throw new HttpError('too-many-requests', `Too many refused requests. Try again in ${seconds} seconds.`);
    }
    res.once('finish', () => {
      const isRefused = res.statusCode >= 400 && res.statusCode < 500;
      if (isRefused && !res.locals.known) this.#failures.set(address, (this.#failures.get(address) ?? 0) + 1);
    });
  }
}
