import type { ApiKey, Role, User } from '@imaginarium/protocol';
import type { AccountStore, NewOwner, Principal } from '../../accounts/account-store.ts';
import { newId } from '../../new-id.ts';
import type { Database } from './database/database.ts';
import { asUuid, storableText } from './database/identifiers.ts';
import type { ApiKeyRow, MembershipRow, ServerOwnerRow, UserRow, WorkspaceRow } from './tables/account-tables.ts';

/** The use of a key is noted to the minute, not with a write for each request. */
const KEY_USE_GRAIN_MS = 60_000;

interface PrincipalRow {
  name: string;
  email: string;
  workspace_id: string;
  workspace_name: string;
  role: Role;
}

/** People, their workspaces and their keys, in the database. */
export class SqlAccountStore implements AccountStore {
  readonly #database: Database;
  #ownerSeen = false;

  constructor(database: Database) {
    this.#database = database;
  }

  async hasOwner(): Promise<boolean> {
    // An owner stays, so it is asked for only until there is one.
    this.#ownerSeen ||= await this.#database.read(({ manager }) =>
      manager.getRepository<ServerOwnerRow>('server_owner').existsBy({ id: 1 }),
    );
    return this.#ownerSeen;
  }

  isServerOwner(userId: string): Promise<boolean> {
    return this.#database.read(({ manager }) =>
      manager.getRepository<ServerOwnerRow>('server_owner').existsBy({ id: 1, userId }),
    );
  }

  hasWorkspace(id: string): Promise<boolean> {
    return this.#database.read(({ manager }) => manager.getRepository<WorkspaceRow>('workspace').existsBy({ id }));
  }

  async createOwner({ name, email, passwordHash }: NewOwner): Promise<Principal | undefined> {
    const createdAt = new Date().toISOString();
    const user: User = { id: newId(), name: storableText('name', name), email: storableText('email', email) };
    const workspace = { id: newId(), name: `${name}'s workspace` };
    return this.#database.write(async ({ sql, manager }) => {
      // The one row of this table is the owner's place. It is taken first: whoever comes second finds it taken and adds nothing.
      const place = await sql`
        INSERT INTO server_owner (id, created_at) VALUES (1, ${createdAt}) ON CONFLICT DO NOTHING RETURNING id`;
      if (place.length === 0) return undefined;
      await manager.insert<UserRow>('user_account', { ...user, passwordHash, createdAt });
      await manager.insert<WorkspaceRow>('workspace', { ...workspace, createdAt });
      const membership = { workspaceId: workspace.id, userId: user.id, role: 'owner', createdAt } as const;
      await manager.insert<MembershipRow>('membership', membership);
      await manager.update<ServerOwnerRow>('server_owner', { id: 1 }, { userId: user.id });
      return { user, workspace: { ...workspace, role: 'owner' }, by: 'session' };
    });
  }

  async findByEmail(email: string): Promise<{ userId: string; passwordHash: string } | undefined> {
    if (email.includes('\0')) return undefined;
    const user = await this.#database.read(({ manager }) =>
      manager.getRepository<UserRow>('user_account').findOneBy({ email }),
    );
    return user ? { userId: user.id, passwordHash: user.passwordHash } : undefined;
  }

  async principal(userId: string, by: Principal['by']): Promise<Principal | undefined> {
    const id = asUuid(userId);
    if (!id) return undefined;
    const [row] = await this.#database.read(
      ({ sql }) => sql<PrincipalRow>`
        SELECT u.name, u.email, w.id AS workspace_id, w.name AS workspace_name, m.role
        FROM user_account u JOIN membership m ON m.user_id = u.id JOIN workspace w ON w.id = m.workspace_id
        WHERE u.id = ${id}
        ORDER BY CASE m.role WHEN 'owner' THEN 0 ELSE 1 END, m.created_at, w.id LIMIT 1`,
    );
    if (!row) return undefined;
    const { name, email, workspace_id, workspace_name, role } = row;
    return { user: { id, name, email }, workspace: { id: workspace_id, name: workspace_name, role }, by };
  }

  async listApiKeys(userId: string): Promise<ApiKey[]> {
    const id = asUuid(userId);
    if (!id) return [];
    const keys = await this.#database.read(({ manager }) =>
      manager
        .getRepository<ApiKeyRow>('api_key')
        .find({ where: { userId: id }, order: { createdAt: 'DESC', id: 'DESC' } }),
    );
    return keys.map(apiKeyOf);
  }

  async createApiKey(userId: string, key: { name: string; prefix: string; hash: string }): Promise<ApiKey> {
    const { prefix, hash } = key;
    const row = { id: newId(), userId, name: storableText('name', key.name), prefix, hash };
    const stored: ApiKeyRow = { ...row, createdAt: new Date().toISOString(), lastUsedAt: null };
    await this.#database.write(({ manager }) => manager.insert<ApiKeyRow>('api_key', { ...stored }));
    return apiKeyOf(stored);
  }

  async deleteApiKey(userId: string, keyId: string): Promise<boolean> {
    const [owner, id] = [asUuid(userId), asUuid(keyId)];
    if (!owner || !id) return false;
    const { affected } = await this.#database.write(({ manager }) =>
      manager.delete<ApiKeyRow>('api_key', { id, userId: owner }),
    );
    return affected === 1;
  }

  async findApiKey(hash: string): Promise<{ userId: string } | undefined> {
    const key = await this.#database.read(({ manager }) =>
      manager.getRepository<ApiKeyRow>('api_key').findOneBy({ hash }),
    );
    if (!key) return undefined;
    const now = Date.now();
    if (now - Date.parse(key.lastUsedAt ?? key.createdAt) > KEY_USE_GRAIN_MS || key.lastUsedAt === null) {
      const lastUsedAt = new Date(now).toISOString();
      await this.#database.write(({ manager }) => manager.update<ApiKeyRow>('api_key', { id: key.id }, { lastUsedAt }));
    }
    return { userId: key.userId };
  }
}

function apiKeyOf({ id, name, prefix, createdAt, lastUsedAt }: ApiKeyRow): ApiKey {
  return { id, name, prefix, createdAt, lastUsedAt };
}
