import { randomUUID } from 'node:crypto';
import type { SessionData } from 'express-session';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { SqlAccountStore } from './accounts.ts';
import type { Database } from './database/database.ts';
import { SqlSessionStore } from './sessions.ts';
import { openScratch, scratchKinds } from './testing/scratch-databases.ts';

const MINUTE_MS = 60_000;

describe.each(scratchKinds(inject('postgresUrl')))('SqlSessionStore on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let userId: string;
  let now = Date.parse('2026-06-01T00:00:00Z');
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
    const owner = await new SqlAccountStore(database).createOwner({ name: 'Ada', email: 'a@b.c', passwordHash: 'x' });
    userId = owner?.user.id ?? '';
  });
  afterAll(() => remove());

  const aSession = (ageMs: number, changes: Partial<SessionData> = {}): SessionData => ({
    cookie: { originalMaxAge: ageMs, expires: new Date(now + ageMs), httpOnly: true, path: '/' },
    userId,
    ...changes,
  });
  const call = <Result>(action: (done: (error?: unknown, result?: Result) => void) => void) =>
    new Promise<Result | undefined>((resolve, reject) =>
      action((error, result) => (error ? reject(error) : resolve(result))),
    );
  const get = (store: SqlSessionStore, sid: string) => call<SessionData | null>((done) => store.get(sid, done));
  const set = (store: SqlSessionStore, sid: string, data: SessionData) => call((done) => store.set(sid, data, done));
  const touch = (store: SqlSessionStore, sid: string, data: SessionData) =>
    call((done) => store.touch(sid, data, done));
  const expiries = async () => {
    const rows = await database.read(({ sql }) => sql<{ expires_at: string }>`SELECT expires_at FROM session`);
    return rows.map((row) => row.expires_at);
  };

  test('gives back what was kept, also after a restart, until it expires or is destroyed', async () => {
    const store = new SqlSessionStore(database, () => now);
    const sid = randomUUID();
    await set(store, sid, aSession(10 * MINUTE_MS));
    const restarted = new SqlSessionStore(database, () => now);
    expect(await get(restarted, sid)).toMatchObject({ userId, cookie: { httpOnly: true, originalMaxAge: 600_000 } });
    expect(await get(store, 'another')).toBeNull();
    now += 11 * MINUTE_MS;
    expect(await get(store, sid)).toBeNull();
    const second = randomUUID();
    await set(store, second, aSession(10 * MINUTE_MS));
    await call((done) => store.destroy(second, done));
    expect(await get(store, second)).toBeNull();
  });

  test('keeps no session id that somebody could sign in with', async () => {
    const store = new SqlSessionStore(database, () => now);
    const sid = randomUUID();
    await set(store, sid, aSession(MINUTE_MS));
    const rows = await database.read(({ sql }) => sql`SELECT * FROM session`);
    expect(JSON.stringify(rows)).not.toContain(sid);
  });

  test('writes a visit only when it prolongs the session by minutes, and never brings back one that ended', async () => {
    await database.write(({ sql }) => sql`DELETE FROM session`);
    const store = new SqlSessionStore(database, () => now);
    const sid = randomUUID();
    await set(store, sid, aSession(60 * MINUTE_MS));
    const first = await expiries();
    now += MINUTE_MS;
    await touch(store, sid, aSession(60 * MINUTE_MS));
    expect(await expiries()).toEqual(first);
    now += 10 * MINUTE_MS;
    await touch(store, sid, aSession(60 * MINUTE_MS));
    expect(await expiries()).toEqual([new Date(now + 60 * MINUTE_MS).toISOString()]);
    await call((done) => store.destroy(sid, done));
    now += 10 * MINUTE_MS;
    await touch(store, sid, aSession(60 * MINUTE_MS));
    expect(await expiries()).toEqual([]);
  });

  test('removes what expired when another session is saved', async () => {
    const store = new SqlSessionStore(database, () => now);
    const [old, fresh] = [randomUUID(), randomUUID()];
    await set(store, old, aSession(MINUTE_MS));
    now += 120 * MINUTE_MS;
    await set(store, fresh, aSession(MINUTE_MS));
    expect(await get(store, old)).toBeNull();
    expect(await expiries()).toHaveLength(1);
  });
});
