import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { leftOut } from '../../../../../../tests/services/left-out.ts';
import { openScratch, scratchKinds } from '../testing/scratch-databases.ts';
import type { Database, Transaction } from './database.ts';
import { DatabaseAwayError } from './database-away.ts';

const [, postgres] = scratchKinds(inject('postgresUrl'));

const noPostgres = leftOut(postgres, 'PostgreSQL is not installed');

describe.skipIf(noPostgres)(`a database whose connections are cut${noPostgres}`, () => {
  let database: Database;
  let admin: pg.Client;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    if (!postgres) return;
    ({ database, remove } = await openScratch(postgres));
    admin = new pg.Client({ connectionString: inject('postgresUrl') ?? '' });
    await admin.connect();
    await database.write(({ sql }) => sql`CREATE TABLE mark (name text)`);
  });
  afterEach(async () => {
    await admin.end();
    await remove();
  });

  /** Ends the connection that a piece of work is done on. */
  async function cut({ sql }: Pick<Transaction, 'sql'>): Promise<void> {
    const [row] = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`;
    await admin.query('SELECT pg_terminate_backend($1)', [row?.pid]);
    // Nothing is asked while the news comes in.
    await wait(100);
  }

  test('does work again from its start that was cut in the middle', async () => {
    let tries = 0;
    await database.write(async ({ sql }) => {
      await sql`INSERT INTO mark (name) VALUES ('once')`;
      if (++tries === 1) await cut({ sql });
      await sql`INSERT INTO mark (name) VALUES ('twice')`;
    });
    expect([tries, await marks()]).toEqual([2, ['once', 'twice']]);
  });

  test('does not repeat work that may be stored', async () => {
    let tries = 0;
    const work = database.write(async ({ sql }) => {
      tries++;
      await sql`INSERT INTO mark (name) VALUES ('here')`;
      await cut({ sql });
    });
    await expect(work).rejects.toThrow(DatabaseAwayError);
    expect([tries, await marks()]).toEqual([1, []]);
  });

  test('repeats work that may be stored where that comes to the same', async () => {
    let tries = 0;
    await database.write(
      async ({ sql }) => {
        await sql`INSERT INTO mark (name) VALUES ('here')`;
        if (++tries === 1) await cut({ sql });
      },
      { repeatable: true },
    );
    expect([tries, await marks()]).toEqual([2, ['here']]);
  });

  test('fails work that is cut again and again, in time', async () => {
    const before = performance.now();
    await expect(
      database.read(async ({ sql }) => {
        await cut({ sql });
        await sql`SELECT 1`;
      }),
    ).rejects.toThrow(DatabaseAwayError);
    expect(performance.now() - before).toBeLessThan(5000);
  });

  const marks = async () =>
    (await database.read(({ sql }) => sql<{ name: string }>`SELECT name FROM mark`)).map(({ name }) => name);
});
