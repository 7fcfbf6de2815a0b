import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { leftOut } from '../../../../../../tests/services/left-out.ts';
import { openScratch, scratchKinds } from '../testing/scratch-databases.ts';
import type { Database, Transaction } from './database.ts';

const ADDED = '2026-01-01T00:00:00.000Z';

describe.each(scratchKinds(inject('postgresUrl')))('Database on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
  });
  beforeEach(() => database.write(({ sql }) => sql`DELETE FROM workspace`));
  afterAll(() => remove());

  const add = async ({ sql }: Transaction, count: number) => {
    const id = `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
    await sql`INSERT INTO workspace (id, name, created_at) VALUES (${id}, ${String(count)}, ${ADDED})`;
  };
  const names = async () => {
    const rows = await database.read(({ sql }) => sql<{ name: string }>`SELECT name FROM workspace`);
    return rows.map((row) => Number(row.name)).sort((a, b) => a - b);
  };

  test('does all of a write or none of it, whatever is written at the same time', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, (_, count) =>
        database.write(async (transaction) => {
          await add(transaction, count * 2);
          await new Promise((resolve) => setImmediate(resolve));
          if (count % 3 === 0) throw new Error(`write ${count} changes its mind`);
          await add(transaction, count * 2 + 1);
          return count;
        }),
      ),
    );
    const kept = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(kept).toEqual(Array.from({ length: 200 }, (_, count) => count).filter((count) => count % 3 !== 0));
    expect(await names()).toEqual(kept.flatMap((count) => [count * 2, count * 2 + 1]));
  });

  test('tells a failed statement to the one who made it, and to nobody else', async () => {
    const twice = database.write(async (transaction) => {
      await add(transaction, 1);
      await add(transaction, 1);
    });
    const other = database.write((transaction) => add(transaction, 2));
    await expect(twice).rejects.toThrow(/unique/i);
    await other;
    expect(await names()).toEqual([2]);
  });

  test('reads what was written before', async () => {
    const write = database.write((transaction) => add(transaction, 1));
    await write;
    expect(await names()).toEqual([1]);
  });

  test('takes every value as a value', async () => {
    const odd = `'; DROP TABLE workspace; -- $1 ? \${x}`;
    const [row] = await database.read(
      ({ sql }) => sql<{ text: string; many: string; none: null }>`
        SELECT CAST(${odd} AS TEXT) AS text, CAST(${null} AS TEXT) AS none,
          CASE WHEN CAST(${'b'} AS TEXT) IN (${['a', 'b']}) THEN 'yes' END AS many`,
    );
    expect(row).toEqual({ text: odd, many: 'yes', none: null });
  });

  test('refuses an undefined condition instead of matching every row', async () => {
    await database.write((transaction) => add(transaction, 1));
    const where = { id: undefined };
    await expect(database.read(({ manager }) => manager.findOneBy('workspace', where))).rejects.toThrow(/undefined/i);
    await expect(database.write(({ manager }) => manager.delete('workspace', where))).rejects.toThrow();
    expect(await names()).toEqual([1]);
  });

  test('refuses work once it is closed, instead of leaving it without an answer', async () => {
    const second = await openScratch(kind);
    await second.remove();
    await expect(second.database.write((transaction) => add(transaction, 1))).rejects.toThrow();
    await expect(second.database.ping()).rejects.toThrow();
  });
});

const postgresUrl = inject('postgresUrl');
const [sqlite, postgres] = scratchKinds(postgresUrl);

test('loses nothing that was told as stored when the disk of SQLite is full, and goes on once there is space', async () => {
  if (!sqlite) throw new Error('SQLite is always there.');
  const { database, remove } = await openScratch(sqlite);
  const add = (size: number) =>
    database.write(async ({ sql }) => {
      await sql`INSERT INTO workspace (id, name, created_at) VALUES (${randomUUID()}, ${'x'.repeat(size)}, ${ADDED})`;
      return size;
    });
  const limit = (pages: number) => database.dataSource.query(`PRAGMA max_page_count = ${pages}`);
  const [{ page_count: pages }] = await database.dataSource.query('PRAGMA page_count');
  await limit(pages + 20);
  const outcomes = await Promise.allSettled([10, 20, 1_000_000, 30, 2_000_000, 40].map(add));
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'SQLITE_FULL' });
  expect(outcomes[2]?.status).toBe('rejected');
  await limit(pages + 10_000);
  expect(await add(50)).toBe(50);
  const told = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const rows = await database.read(
    ({ sql }) => sql<{ size: number }>`SELECT LENGTH(name) AS size FROM workspace ORDER BY 1`,
  );
  expect(rows.map((row) => row.size)).toEqual([...told, 50]);
  await remove();
});

const noPostgres = leftOut(postgres, 'PostgreSQL is not installed');
test.skipIf(noPostgres)(`goes on after PostgreSQL has cut every connection${noPostgres}`, async () => {
  if (!postgres) return;
  const { database, remove } = await openScratch(postgres);
  await Promise.all(Array.from({ length: 5 }, () => database.ping()));
  const cut = database.write(async ({ sql }) => {
    await sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    await sql`SELECT pg_terminate_backend(pg_backend_pid())`;
  });
  await expect(cut).rejects.toThrow();
  await database.ping();
  await remove();
});
