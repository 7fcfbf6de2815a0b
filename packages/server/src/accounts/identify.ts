import type { SessionData, Store } from 'express-session';
import type { AccountStore, Principal } from './account-store.ts';
import { hashApiKey } from './api-key-secret.ts';

/** What somebody shows to prove who they are. */
export type Credential = { kind: 'api-key'; key: string } | { kind: 'session'; sessionId: string };

/** Who shows a valid API key. */
export async function identifyKey(accounts: AccountStore, key: string): Promise<Principal | undefined> {
  const found = await accounts.findApiKey(hashApiKey(key));
  return found && accounts.principal(found.userId, 'api-key');
}

/** Whether a credential that was accepted still is: its session is there, its key not revoked. */
export async function isStillValid(accounts: AccountStore, sessions: Store, credential: Credential): Promise<boolean> {
  if (credential.kind === 'api-key') return (await accounts.findApiKey(hashApiKey(credential.key))) !== undefined;
  const session = await new Promise<SessionData | null | undefined>((resolve, reject) =>
    sessions.get(credential.sessionId, (error, data) => (error ? reject(error) : resolve(data))),
  );
  return session?.userId !== undefined;
}
