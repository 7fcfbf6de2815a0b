import express, { type RequestHandler, type Router } from 'express';
import { applySale } from '../billing/apply-sale.ts';
import type { AppDeps } from './app-deps.ts';
import { FailureLimit } from './failure-limit.ts';
import { HttpError } from './http-error.ts';
import { readBytes } from './read-bytes.ts';

/** Where the billing service tells of payments. */
export const SALES_PATH = '/billing/stripe';
/** Bytes of a message; those of the service are far smaller. */
const BODY_LIMIT_BYTES = 500_000;

/**
 * What a billing service tells of payments. It has no session: what it writes is signed. It is answered once the ledger has it, and tells
 * again until then.
 */
export function salesRouter(deps: AppDeps): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const failures = new FailureLimit();
  const guard: RequestHandler = (req, res, next) => {
    res.locals.route = 'sales';
    failures.watch(req, res);
    next();
  };

  const readBody = readBytes(BODY_LIMIT_BYTES);
  router.post(SALES_PATH, guard, readBody, async (req, res) => {
    if (!deps.shop) throw new HttpError('not-found', 'No credits are sold on this server.');
    const body = req.body as Buffer;
    const sale = deps.shop.read(body, req.get('stripe-signature'));
    if (sale)
      await applySale(sale, {
        purchases: deps.purchases,
        hasWorkspace: (id) => deps.accounts.hasWorkspace(id),
        creditsOf: (workspaceId) => deps.openWorkspace(workspaceId).credits,
        log: deps.logger,
      });
    res.json({ received: true });
  });
  return router;
}
