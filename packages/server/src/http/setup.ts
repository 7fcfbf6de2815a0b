import { hashPassword } from '../accounts/passwords.ts';
import { beginSession } from '../accounts/session.ts';
import { fitsSetupCode } from '../accounts/setup-code.ts';
import { isLoopback } from '../loopback.ts';
import type { AppDeps } from './app-deps.ts';
import type { Call, Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';
import { TryLimit } from './rate-limit.ts';
import { sessionOf } from './session.ts';

/** First-run set-up: the owner is made once, by somebody who can read the server's terminal or sits at its machine. */
export function setupHandlers(deps: AppDeps): Pick<Handlers, 'getSetup' | 'setUp'> {
  const { accounts, setupCode } = deps;
  const tries = new TryLimit();
  return {
    async getSetup() {
      const required = !(await accounts.hasOwner());
      return { required, codeRequired: required && setupCode !== null };
    },

    async setUp({ req, res, body }) {
      await tries.count(req, res);
      if (await accounts.hasOwner()) throw alreadySetUp();
      if (setupCode === null) refuseUnlessHere(req);
      else if (!fitsSetupCode(setupCode, body.code)) {
        throw new HttpError('wrong-code', 'code: expected the set-up code that stands in the terminal of the server');
      }
      const { name, email, password } = body;
      const owner = await accounts.createOwner({ name, email, passwordHash: await hashPassword(password) });
      if (!owner) throw alreadySetUp();
      await deps.onOwnerCreated(owner);
      await beginSession(req, owner.user.id);
      return sessionOf(owner);
    },
  };
}

function alreadySetUp(): HttpError {
  return new HttpError('already-set-up', 'This server has its owner already. Sign in instead.');
}

/**
 * Without a code, being at this machine is the proof: the line must come from it, and the page from its own address. Otherwise a site
 * whose name is pointed at 127.0.0.1, or a proxy open to everybody, could claim the server.
 */
function refuseUnlessHere(req: Call<never>['req']): void {
  const host = URL.parse(`http://${req.headers.host ?? ''}`)?.hostname ?? '';
  if (isLoopback(req.socket.remoteAddress ?? '') && isLoopback(host)) return;
  throw new HttpError(
    'not-allowed',
    `Set-up without a code is only possible at the server's own machine, at http://127.0.0.1, not at ${host.slice(0, 100)}. Behind a proxy, set IMAGINARIUM_PUBLIC_URL: set-up then asks for a code.`,
  );
}
