import { createHash } from 'node:crypto';
import session, { type SessionData } from 'express-session';
import type { Database } from './database/database.ts';
import type { SessionRow } from './tables/account-tables.ts';

const HOUR_MS = 60 * 60 * 1000;
/** How long a session without an expiry of its own is kept. */
const DEFAULT_AGE_MS = 24 * HOUR_MS;
/** A visit prolongs a session only when that moves its end by this much: not each request is a write. */
const TOUCH_GRAIN_MS = 5 * 60 * 1000;

type Done = (error?: unknown) => void;

/** Sessions in the database, so that they outlive a restart. The table holds hashes of session ids, with which nobody can sign in. */
export class SqlSessionStore extends session.Store {
  readonly #database: Database;
  readonly #now: () => number;
  /** Expiry last written, in milliseconds since 1970, by hash of the session id. Emptied by each sweep. */
  readonly #written = new Map<string, number>();
  #sweptAt = 0;

  /** @param now milliseconds since 1970. */
  constructor(database: Database, now: () => number = Date.now) {
    super();
    this.#database = database;
    this.#now = now;
  }

  override get(sid: string, done: (error: unknown, data?: SessionData | null) => void): void {
    this.#find(sid).then(
      (data) => done(null, data),
      (error) => done(error),
    );
  }

  override set(sid: string, data: SessionData, done?: Done): void {
    settle(this.#save(sid, data), done);
  }

  override destroy(sid: string, done?: Done): void {
    const idHash = hashOf(sid);
    this.#written.delete(idHash);
    settle(
      this.#database.write(({ manager }) => manager.delete<SessionRow>('session', { idHash })),
      done,
    );
  }

  override touch(sid: string, data: SessionData, done?: Done): void {
    settle(this.#prolong(sid, data), done);
  }

  async #find(sid: string): Promise<SessionData | null> {
    const row = await this.#database.read(({ manager }) =>
      manager.getRepository<SessionRow>('session').findOneBy({ idHash: hashOf(sid) }),
    );
    if (!row || Date.parse(row.expiresAt) <= this.#now()) return null;
    // It was written by #save, whole; the cookie's moments are text now, which express-session reads.
    return row.data as SessionData;
  }

  async #save(sid: string, data: SessionData): Promise<void> {
    const idHash = hashOf(sid);
    const expiry = this.#expiryOf(data);
    const sweep = this.#now() - this.#sweptAt > HOUR_MS;
    await this.#database.write(async ({ sql, manager }) => {
      if (sweep) await sql`DELETE FROM session WHERE expires_at <= ${moment(this.#now())}`;
      await manager.upsert<SessionRow>(
        'session',
        { idHash, userId: data.userId ?? null, data: { ...data }, expiresAt: moment(expiry) },
        ['idHash'],
      );
    });
    if (sweep) {
      this.#sweptAt = this.#now();
      this.#written.clear();
    }
    this.#written.set(idHash, expiry);
  }

  async #prolong(sid: string, data: SessionData): Promise<void> {
    const idHash = hashOf(sid);
    const expiry = this.#expiryOf(data);
    if (expiry - (this.#written.get(idHash) ?? 0) < TOUCH_GRAIN_MS) return;
    const expiresAt = moment(expiry);
    await this.#database.write(({ manager }) => manager.update<SessionRow>('session', { idHash }, { expiresAt }));
    this.#written.set(idHash, expiry);
  }

  #expiryOf({ cookie }: SessionData): number {
    return cookie.expires ? new Date(cookie.expires).getTime() : this.#now() + DEFAULT_AGE_MS;
  }
}

function hashOf(sid: string): string {
  return createHash('sha256').update(sid).digest('hex');
}

function moment(ms: number): string {
  return new Date(ms).toISOString();
}

function settle(work: Promise<unknown>, done: Done | undefined): void {
  work.then(
    () => done?.(),
    (error) => done?.(error),
  );
}
