import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { AccountStore, Principal } from '../accounts/account-store.ts';
import { bearerKey } from '../accounts/api-key-secret.ts';
import { type Credential, identifyKey } from '../accounts/identify.ts';
import { HttpError } from '../http/http-error.ts';

/**
 * Who opens a live connection: by the API key of its handshake or `Authorization` header, else by the session of its cookie.
 * @throws {HttpError} `not-signed-in`.
 */
export async function identifyLine(
  request: IncomingMessage,
  auth: Record<string, unknown>,
  readSession: RequestHandler,
  accounts: AccountStore,
): Promise<{ principal: Principal; credential: Credential }> {
  const key = bearerKey(typeof auth.apiKey === 'string' ? `Bearer ${auth.apiKey}` : request.headers.authorization);
  if (key !== undefined) {
    const principal = await identifyKey(accounts, key);
    if (principal) return { principal, credential: { kind: 'api-key', key } };
  } else {
    const session = await sessionOf(request, readSession);
    const principal = session && (await accounts.principal(session.userId, 'session'));
    if (principal) return { principal, credential: { kind: 'session', sessionId: session.sessionId } };
  }
  throw new HttpError('not-signed-in', 'Sign in, or connect with an API key.');
}

/** The session a handshake's cookie names. The middleware was made for express; of the answer it only needs what is here. */
async function sessionOf(
  request: IncomingMessage,
  readSession: RequestHandler,
): Promise<{ userId: string; sessionId: string } | undefined> {
  const req = request as Request;
  const res = { on() {}, once() {}, setHeader() {}, getHeader() {}, end() {} } as unknown as ServerResponse as Response;
  await new Promise<void>((resolve, reject) => {
    void readSession(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
  const { userId } = req.session;
  return userId === undefined ? undefined : { userId, sessionId: req.sessionID };
}
