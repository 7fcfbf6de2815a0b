import type { Request, RequestHandler } from 'express';
import session from 'express-session';
import type { Config } from '../config.ts';

declare module 'express-session' {
  interface SessionData {
    /** Who is signed in. */
    userId: string;
  }
}

export const SESSION_COOKIE = 'imaginarium.sid';
const FOURTEEN_DAYS_MS = 14 * 24 * 60 * 60 * 1000;

export interface SessionDeps {
  sessionStore: session.Store;
  sessionSecret: string;
  config: Pick<Config, 'publicUrl'>;
}

/** Reads and keeps sessions: a signed cookie that no script can read, prolonged to 14 days by each visit. */
export function readSessions({ sessionStore, sessionSecret, config }: SessionDeps): RequestHandler {
  const secure = config.publicUrl?.startsWith('https:') ?? false;
  const read = session({
    name: SESSION_COOKIE,
    secret: sessionSecret,
    store: sessionStore,
    resave: false,
    saveUninitialized: false,
    rolling: true,
    proxy: secure,
    cookie: { httpOnly: true, sameSite: 'lax', secure, maxAge: FOURTEEN_DAYS_MS, path: '/' },
  });
  return (req, res, next) => {
    // Who set a public https address said how people come; a proxy that forgets to say it must not cost them the cookie.
    if (secure) req.headers['x-forwarded-proto'] ??= 'https';
    read(req, res, next);
  };
}

/** Signs a person in, under a new session id: one that was planted before is worth nothing. */
export async function beginSession(req: Request, userId: string): Promise<void> {
  await called((done) => req.session.regenerate(done));
  req.session.userId = userId;
  // Saved before the answer, so that the next request finds it.
  await called((done) => req.session.save(done));
}

/** Signs out: the session is gone from the store, whoever kept its cookie. */
export async function endSession(req: Request): Promise<void> {
  await called((done) => req.session.destroy(done));
}

function called(action: (done: (error: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => action((error) => (error ? reject(error) : resolve())));
}
