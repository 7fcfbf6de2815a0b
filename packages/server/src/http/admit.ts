import type { Route } from '@imaginarium/protocol';
import type { RequestHandler } from 'express';
import type { Principal } from '../accounts/account-store.ts';
import { bearerKey } from '../accounts/api-key-secret.ts';
import { authorize } from '../accounts/authorize.ts';
import { identifyKey } from '../accounts/identify.ts';
import { readSessions } from '../accounts/session.ts';
import type { AppDeps } from './app-deps.ts';
import { refuseForeignOrigin } from './origin.ts';

/** Lets nobody past who may not call the route; the principal is left in `res.locals`. Nothing of the body is read before. */
export function admit(deps: Pick<AppDeps, 'accounts' | 'sessionStore' | 'sessionSecret' | 'config'>) {
  const { accounts, config } = deps;
  const sessions = readSessions(deps);
  return (route: Route): RequestHandler[] => {
    const checkOrigin: RequestHandler = (req, _res, next) => {
      refuseForeignOrigin(req, config.publicUrl);
      next();
    };
    if (route.access === 'public') return [checkOrigin, sessions];
    const { access } = route;
    const pass = (res: { locals: Record<string, unknown> }, principal: Principal | undefined) => {
      authorize(principal, access);
      res.locals.principal = principal;
    };
    // A key is sent on purpose, never by a browser on its own: it needs no check of where the page came from, and no session.
    const byKey: RequestHandler = async (req, res, next) => {
      const { authorization } = req.headers;
      // A proxy may ask for a name and password of its own and send them on: that is no key of ours.
      if (!/^Bearer /i.test(authorization ?? '')) return next();
      const key = bearerKey(authorization);
      pass(res, key === undefined ? undefined : await identifyKey(accounts, key));
      next();
    };
    const bySession: RequestHandler = async (req, res, next) => {
      const { userId } = req.session;
      pass(res, userId === undefined ? undefined : await accounts.principal(userId, 'session'));
      next();
    };
    const unlessKnown =
      (handler: RequestHandler): RequestHandler =>
      (req, res, next) =>
        res.locals.principal ? next() : handler(req, res, next);
    return [byKey, unlessKnown(checkOrigin), unlessKnown(sessions), unlessKnown(bySession)];
  };
}
