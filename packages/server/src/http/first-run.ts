import type { Route } from '@imaginarium/protocol';
import type { RequestHandler } from 'express';
import type { AccountStore } from '../accounts/account-store.ts';
import { isLoopback } from '../loopback.ts';
import { HttpError } from './http-error.ts';

/**
 * While there is no owner, callers from other machines are refused everything but the set-up itself, which asks them for the code that
 * stands in the server's terminal.
 */
export function refuseBeforeOwner(accounts: Pick<AccountStore, 'hasOwner'>): (route: Route) => RequestHandler {
  // An owner never goes away again, so the question ends with the first yes.
  let hasOwner = false;
  return (route) => async (req, _res, next) => {
    if (route.path === '/setup' || hasOwner) return next();
    hasOwner = await accounts.hasOwner();
    if (hasOwner || isLoopback(req.socket.remoteAddress ?? '')) return next();
    throw new HttpError(
      'not-allowed',
      'This server has no owner yet and answers other machines only once it has. Open its address in a browser and set it up with the code from its terminal.',
    );
  };
}
