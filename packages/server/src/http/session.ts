import type { Session } from '@imaginarium/protocol';
import type { Principal } from '../accounts/account-store.ts';
import { passwordSignIn } from '../accounts/password-sign-in.ts';
import { beginSession, endSession, SESSION_COOKIE } from '../accounts/session.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';
import { TryLimit } from './rate-limit.ts';

/** Signing in and out. */
export function sessionHandlers({ accounts }: AppDeps): Pick<Handlers, 'signIn' | 'getSession' | 'signOut'> {
  const tries = new TryLimit();
  const signIn = passwordSignIn(accounts);
  return {
    async signIn({ req, res }) {
      await tries.count(req, res);
      const userId = await signIn(req);
      const principal = userId === undefined ? undefined : await accounts.principal(userId, 'session');
      if (!principal) {
        if (!(await accounts.hasOwner()))
          throw new HttpError('setup-required', 'This server has no owner yet. Set it up first.');
        throw new HttpError('wrong-password', 'The e-mail or the password is wrong.');
      }
      await beginSession(req, principal.user.id);
      return sessionOf(principal);
    },

    getSession: ({ principal }) => sessionOf(principal),

    async signOut({ req, res, principal }) {
      if (principal.by !== 'session')
        throw new HttpError('bad-request', 'An API key has no session to end. Revoke the key instead.');
      await endSession(req);
      res.clearCookie(SESSION_COOKIE, { path: '/' });
      return undefined;
    },
  };
}

/** A principal as the API tells it. */
export function sessionOf({ user, workspace }: Principal): Session {
  return {
    user: { id: user.id, name: user.name, email: user.email },
    workspace: { id: workspace.id, name: workspace.name, role: workspace.role },
  };
}
