import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES } from '@imaginarium/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { bearerKey, hashApiKey, newApiKey } from './api-key-secret.ts';
import { authorize } from './authorize.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import { loadSessionSecret } from './session-secret.ts';
import { fitsSetupCode, newSetupCode } from './setup-code.ts';

const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

describe('the set-up code', () => {
  test('is asked for wherever anybody but this machine can come', () => {
    expect(newSetupCode({ host: '127.0.0.1', publicUrl: null })).toBeNull();
    expect(newSetupCode({ host: 'localhost', publicUrl: null })).toBeNull();
    for (const config of [
      { host: '0.0.0.0', publicUrl: null },
      { host: '::', publicUrl: null },
      { host: '127.0.0.1', publicUrl: 'https://images.example.com' },
    ])
      expect(newSetupCode(config)).toMatch(/^[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}$/);
  });

  test('forgives case, spaces and dashes, and nothing else', () => {
    const fits = (typed: string | undefined) => fitsSetupCode('ABCD-EFGH-JKMN', typed);
    expect(['ABCD-EFGH-JKMN', 'abcdefghjkmn', ' abcd efgh jkmn '].map(fits)).toEqual([true, true, true]);
    expect(['ABCD-EFGH-JKM', '', undefined, 'ABCD-EFGH-JKMNX'].map(fits)).toEqual([false, false, false, false]);
  });
});

test('a password is stored as argon2id under a salt of its own, and fits only itself', async () => {
  const [first, second] = await Promise.all([hashPassword('long enough'), hashPassword('long enough')]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await verifyPassword(first, 'long enough')).toBe(true);
  expect(await verifyPassword(first, 'Long enough')).toBe(false);
  expect(await verifyPassword(undefined, 'long enough')).toBe(false);
});

test('an API key is random, known by its hash, and read from nothing but a Bearer header', () => {
  const { key, prefix, hash } = newApiKey();
  expect([key.startsWith(prefix), hash]).toEqual([true, hashApiKey(key)]);
  expect(bearerKey(`Bearer ${key}`)).toBe(key);
  expect(bearerKey(`bearer  ${key}`)).toBe(key);
  for (const header of [undefined, '', key, `Basic ${key}`, 'Bearer img_short', `Bearer ${key} x`, `Bearer x${key}`])
    expect(bearerKey(header)).toBeUndefined();
});

test('a role may do what its rank allows, and nobody may do anything', () => {
  const needs = ['viewer', 'editor', 'admin', 'owner'] as const;
  const allowed = (role?: (typeof ROLES)[number]) =>
    needs.filter((access) => {
      const principal = role && {
        user: { id: 'u', name: 'Ada', email: 'ada@example.com' },
        workspace: { id: 'w', name: 'W', role },
        by: 'session' as const,
      };
      try {
        authorize(principal, access);
        return true;
      } catch {
        return false;
      }
    });
  expect(Object.fromEntries(ROLES.map((role) => [role, allowed(role)]))).toEqual({
    owner: ['viewer', 'editor', 'admin', 'owner'],
    admin: ['viewer', 'editor', 'admin'],
    editor: ['viewer', 'editor'],
    viewer: ['viewer'],
  });
  expect(allowed()).toEqual([]);
});

test('the session secret is made once, for the server alone to read, and refused when it is too short', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-secret-'));
  folders.push(folder);
  const path = join(folder, 'session.secret');
  const [first, twin] = await Promise.all([loadSessionSecret(folder), loadSessionSecret(folder)]);
  expect(first).toHaveLength(43);
  expect([twin, await loadSessionSecret(folder), await readFile(path, 'utf8')]).toEqual([first, first, first]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await writeFile(path, 'short');
  await expect(loadSessionSecret(folder)).rejects.toThrow('expected at least 32 characters, found 5');
});
