import type { Request } from 'express';
import passport from 'passport';
import { Strategy } from 'passport-local';
import type { AccountStore } from './account-store.ts';
import { verifyPassword } from './passwords.ts';

/**
 * Checks the e-mail and password of a request's parsed body, as one strategy of passport: other ways to sign in join it here.
 * @returns the person's id, or undefined when they do not fit.
 */
export function passwordSignIn(
  accounts: Pick<AccountStore, 'findByEmail'>,
): (req: Request) => Promise<string | undefined> {
  const strategies = new passport.Passport();
  strategies.use(
    new Strategy({ usernameField: 'email' }, (email, password, done) => {
      accounts
        .findByEmail(email)
        .then(async (person) => {
          const fits = await verifyPassword(person?.passwordHash, password);
          done(null, fits && person ? { id: person.userId } : false);
        })
        .catch(done);
    }),
  );
  return (req) =>
    new Promise((resolve, reject) => {
      const settle = (error: unknown, user?: { id: string } | false) => {
        if (error) reject(error);
        else resolve(user ? user.id : undefined);
      };
      // The session is begun by us, under a new id.
      const check = strategies.authenticate('local', { session: false }, settle) as (req: Request) => void;
      check(req);
    });
}
