import { randomUUID } from 'node:crypto';
import type { Role } from '@imaginarium/protocol';
import { newApiKey } from '../accounts/api-key-secret.ts';
import { SqlAccountStore } from '../adapters/typeorm/accounts.ts';
import type { Database } from '../adapters/typeorm/database/database.ts';

/** Puts a person with a workspace of their own into the database: there is no way to do so from outside yet. Answers with their API key. */
export async function addPerson(database: Database, role: Role): Promise<string> {
  const [userId, workspaceId, createdAt] = [randomUUID(), randomUUID(), new Date().toISOString()];
  await database.write(async ({ manager }) => {
    const user = { id: userId, name: 'Eve', email: `${userId}@example.org`, passwordHash: 'none', createdAt };
    await manager.insert('user_account', user);
    await manager.insert('workspace', { id: workspaceId, name: 'Elsewhere', createdAt });
    await manager.insert('membership', { workspaceId, userId, role, createdAt });
  });
  const { key, prefix, hash } = newApiKey();
  await new SqlAccountStore(database).createApiKey(userId, { name: 'test', prefix, hash });
  return key;
}
