import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { SqlAccountStore } from './accounts.ts';
import { UnstorableTextError } from './database/identifiers.ts';
import { scratchKinds } from './testing/scratch-databases.ts';
import { openWorld, type World } from './testing/world.ts';

describe.each(scratchKinds(inject('postgresUrl')))('SqlAccountStore on $name', (kind) => {
  let world: World;
  let email = '';
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  test('makes one owner, however many try at once', async () => {
    const accounts = new SqlAccountStore(world.database);
    expect(await accounts.hasOwner()).toBe(false);
    await expect(accounts.createOwner({ ...anOwner(0), name: 'a\0' })).rejects.toThrow(UnstorableTextError);
    const made = await Promise.all(
      [1, 2, 3, 4].map((count) => new SqlAccountStore(world.database).createOwner(anOwner(count))),
    );
    const [owner] = made.filter((principal) => principal !== undefined);
    if (!owner) throw new Error('nobody became the owner');
    email = owner.user.email;
    expect(made.filter((principal) => principal !== undefined)).toHaveLength(1);
    expect(await accounts.hasOwner()).toBe(true);
    expect(await accounts.createOwner(anOwner(5))).toBeUndefined();
    const [people] = await world.database.read(
      ({ sql }) => sql<{ count: number }>`SELECT CAST(COUNT(*) AS INTEGER) AS count FROM user_account`,
    );
    expect(people?.count).toBe(1);
    expect(await accounts.principal(owner.user.id, 'session')).toEqual(owner);
    expect(await accounts.findByEmail(owner.user.email)).toEqual({ userId: owner.user.id, passwordHash: 'hash' });
    expect(await accounts.findByEmail('nobody@example.com')).toBeUndefined();
    expect(await accounts.findByEmail('nobody\0@example.com')).toBeUndefined();
    expect(await accounts.principal(randomUUID(), 'session')).toBeUndefined();
  });

  test('finds the owner of a key by its hash, notes its use, and lets only its owner revoke it', async () => {
    const accounts = new SqlAccountStore(world.database);
    const person = await accounts.findByEmail(email);
    if (!person) throw new Error('the owner of the test before is missing');
    const key = await accounts.createApiKey(person.userId, { name: 'CI', prefix: 'img_abcd', hash: 'a'.repeat(64) });
    expect(key.lastUsedAt).toBeNull();
    expect(await accounts.findApiKey('a'.repeat(64))).toEqual({ userId: person.userId });
    expect(await accounts.findApiKey('b'.repeat(64))).toBeUndefined();
    const [used] = await accounts.listApiKeys(person.userId);
    expect(used).toEqual({ ...key, lastUsedAt: expect.any(String) });
    expect(await accounts.deleteApiKey(randomUUID(), key.id)).toBe(false);
    expect(await accounts.deleteApiKey(person.userId, key.id)).toBe(true);
    expect(await accounts.findApiKey('a'.repeat(64))).toBeUndefined();
  });
});

function anOwner(count: number) {
  return { name: 'Ada', email: `ada${count}@example.com`, passwordHash: 'hash' };
}
