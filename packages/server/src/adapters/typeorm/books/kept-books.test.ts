import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { RefundRefusedError } from '../../../credits/ledger.ts';
import type { Database } from '../database/database.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { seedWorkspace } from '../testing/seed.ts';
import { brokenBooks } from './check-ledger.ts';
import { RunCredits } from './run-credits.ts';
import { ledgerOn, moved, NOW } from './testing/ledger-on.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';

describe.each(scratchKinds(inject('postgresUrl')))('the books on $name', (kind) => {
  const { charge, ledger, release, reserve } = ledgerOn(kind);

  test('keeps what was written as it was written', async () => {
    const run = randomUUID();
    await reserve(run, 10);
    await charge(run, 'up', 10);
    const refused = [
      (db: Database) => db.write(({ sql }) => sql`UPDATE credit_transfer SET amount = 1`),
      (db: Database) => db.write(({ sql }) => sql`DELETE FROM credit_transfer`),
      (db: Database) => db.write(({ sql }) => sql`UPDATE credit_entry SET amount = 1`),
      (db: Database) => db.write(({ sql }) => sql`DELETE FROM credit_entry`),
      (db: Database) => db.write(({ sql }) => sql`DELETE FROM credit_reservation`),
      (db: Database) => db.write(({ sql }) => sql`DELETE FROM credit_account`),
      (db: Database) =>
        db.write(({ sql }) => sql`UPDATE credit_reservation SET run_id = ${randomUUID()} WHERE run_id = ${run}`),
    ];
    for (const change of refused) await expect(change(ledger.database)).rejects.toThrow(/append-only|resolved once/);
    await release(run);
    await expect(
      ledger.database.write(({ sql }) => sql`UPDATE credit_reservation SET state = 'open' WHERE run_id = ${run}`),
    ).rejects.toThrow(/resolved once/);
    await expect(
      ledger.database.write(({ sql }) => sql`UPDATE credit_account SET balance = -1 WHERE kind = 'wallet'`),
    ).rejects.toThrow(/ck_credit_account_available/);
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });

  test('keeps the books of a workspace that somebody tries to delete', async () => {
    await reserve(randomUUID(), 10);
    await expect(
      ledger.database.write(({ sql }) => sql`DELETE FROM workspace WHERE id = ${ledger.workspaceId}`),
    ).rejects.toThrow(/foreign key/i);
  });

  test('shows nothing of another workspace', async () => {
    const run = randomUUID();
    await reserve(run, 5);
    await seedWorkspace(ledger.database, randomUUID(), randomUUID());
    const other = randomUUID();
    await seedWorkspace(ledger.database, other, randomUUID());
    const stranger = new SqlWorkspaceCredits(
      ledger.database,
      other,
      new RunCredits({ mode: 'metered', startGrant: 0 }),
    );
    expect(await stranger.receipt(run)).toBeUndefined();
    expect((await stranger.list({ limit: 9 })).transfers).toEqual([]);
    await expect(stranger.refund(run, moved(1))).rejects.toThrow(RefundRefusedError);
  });

  // SQLite knows no roles.
  if (kind.name === 'PostgreSQL')
    test('lets a role keep the books that has no right to change balances, entries or what was transferred', async () => {
      const role = `clerk_${randomUUID().replaceAll('-', '')}`;
      const statements = [
        `CREATE ROLE ${role} LOGIN`,
        `GRANT SELECT ON credit_account, credit_entry, credit_transfer, credit_reservation TO ${role}`,
        `GRANT INSERT ON credit_transfer, credit_reservation TO ${role}`,
        `GRANT UPDATE (amount, state, resolved_at) ON credit_reservation TO ${role}`,
      ];
      for (const statement of statements) await ledger.database.dataSource.query(statement);
      const { url } = ledger.database.dataSource.options as { url: string };
      const clerk = new pg.Client({ connectionString: Object.assign(new URL(url), { username: role }).href });
      await clerk.connect();
      const run = randomUUID();
      await clerk.query(
        `INSERT INTO credit_reservation (run_id, workspace_id, account, amount, terms, created_at, expires_at)
         VALUES ('${run}', '${ledger.workspaceId}', 'wallet', 30, '{}', '${NOW}', '${NOW}')`,
      );
      await clerk.query(
        `INSERT INTO credit_transfer (id, workspace_id, kind, from_account, to_account, amount, exact, run_id, node, created_at)
         VALUES ('${randomUUID()}', '${ledger.workspaceId}', 'charge', 'wallet', 'spent', 20, 2000, '${run}', 'up', '${NOW}')`,
      );
      await clerk.query(`UPDATE credit_reservation SET state = 'released' WHERE run_id = '${run}'`);
      expect(await ledger.credits.balance()).toEqual({ balance: 80, reserved: 0, available: 80, spent: 20 });
      for (const statement of [
        'UPDATE credit_account SET balance = 1000',
        'INSERT INTO credit_entry SELECT * FROM credit_entry',
        'UPDATE credit_transfer SET amount = 1',
        'DELETE FROM credit_transfer',
        'UPDATE credit_reservation SET spent = 0',
      ])
        await expect(clerk.query(statement)).rejects.toThrow(/permission denied/);
      await clerk.end();
      await ledger.database.dataSource.query(`DROP OWNED BY ${role}`);
      await ledger.database.dataSource.query(`DROP ROLE ${role}`);
      expect(await brokenBooks(ledger.database)).toEqual([]);
    });
});
