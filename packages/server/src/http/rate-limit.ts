import type { Request, Response } from 'express';
import { ipKeyGenerator, type RateLimitRequestHandler, rateLimit } from 'express-rate-limit';
import { HttpError } from './http-error.ts';

const WINDOW_MS = 15 * 60 * 1000;

/** Failed tries in 15 minutes: enough for anybody who forgot a password, far too few to guess one. */
const TRIES = { address: 30, account: 10 } as const;

/** Slows down the guessing of passwords and set-up codes. Tries that succeed are not counted. */
export class TryLimit {
  readonly #address = limiter(TRIES.address, (req) => ipKeyGenerator(req.ip ?? ''));
  readonly #account = limiter(TRIES.account, (req) => String((req.body as { email?: unknown }).email));

  /**
   * Counts a try by the caller's address and by the account it is about.
   * @throws {HttpError} `too-many-requests`, with `Retry-After` set.
   */
  async count(req: Request, res: Response): Promise<void> {
    await passed(this.#address, req, res);
    await passed(this.#account, req, res);
  }
}

function limiter(limit: number, keyGenerator: (req: Request) => string): RateLimitRequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit,
    keyGenerator,
    skipSuccessfulRequests: true,
    legacyHeaders: true,
    standardHeaders: false,
    // Counted in the route, where the account is known; the checks look for mistakes of middleware use.
    validate: false,
    handler: (_req, res, next) => {
      const seconds = res.getHeader('retry-after');
      next(
        new HttpError(
          'too-many-requests',
          `Too many failed tries. Try again in ${Math.ceil(Number(seconds) / 60)} minutes.`,
        ),
      );
    },
  });
}

async function passed(limit: RateLimitRequestHandler, req: Request, res: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    Promise.resolve(limit(req, res, (error?: unknown) => (error ? reject(error) : resolve()))).catch(reject);
  });
}
