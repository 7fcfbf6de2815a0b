import type { ApiKey, Role, User } from '@imaginarium/protocol';

/** Who acts, and where: every query is scoped by it, every decision made on it. */
export interface Principal {
  user: User;
  workspace: { id: string; name: string; role: Role };
  /** How they proved it. */
  by: 'session' | 'api-key';
}

export interface NewOwner {
  name: string;
  /** Lower case, trimmed. */
  email: string;
  passwordHash: string;
}

/** People, their workspaces and their keys. */
export interface AccountStore {
  hasOwner(): Promise<boolean>;
  /** Whether this person owns the server, not only a workspace on it. */
  isServerOwner(userId: string): Promise<boolean>;
  /** Whether there is such a workspace on this server. */
  hasWorkspace(id: string): Promise<boolean>;
  /** Makes the owner and their workspace, once for the whole server, whoever else tries at the same moment. Undefined when there is one already. */
  createOwner(owner: NewOwner): Promise<Principal | undefined>;
  findByEmail(email: string): Promise<{ userId: string; passwordHash: string } | undefined>;
  /** The person in their own workspace. Undefined when there is no such person. */
  principal(userId: string, by: Principal['by']): Promise<Principal | undefined>;
  listApiKeys(userId: string): Promise<ApiKey[]>;
  createApiKey(userId: string, key: { name: string; prefix: string; hash: string }): Promise<ApiKey>;
  /** False when this person has no such key. */
  deleteApiKey(userId: string, id: string): Promise<boolean>;
  /** Finds the key's owner by the SHA-256 of the key, and remembers that it was used. */
  findApiKey(hash: string): Promise<{ userId: string } | undefined>;
}
