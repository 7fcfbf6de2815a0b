import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { brokenBooks } from '../books/check-ledger.ts';
import { RunCredits } from '../books/run-credits.ts';
import { SqlWorkspaceCredits } from '../books/workspace-credits.ts';
import { migrate } from '../database/migrate.ts';
import { aCharge, aFundedRun } from '../testing/a-charge.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { openWorld } from '../testing/world.ts';

const NOW = '2026-11-21T10:00:00.000Z';

describe.each(scratchKinds(inject('postgresUrl')))('the lean ledger on $name', (kind) => {
  test('takes the books over as they are, with what is set aside', async () => {
    const { database, openOne, remove } = await openWorld(kind);
    const { workspaceId } = await openOne();
    const credits = new RunCredits({ mode: 'metered', startGrant: 100 });
    await credits.open(database, workspaceId, NOW);
    const run = { id: randomUUID(), workspaceId };
    const charge = (node: string, amount: number) =>
      database.write((t) => credits.charge(t, run, [aCharge({ node, credits: amount })], NOW));
    await database.write((t) => credits.reserve(t, aFundedRun({ ...run, credits: 30 }), NOW));
    await charge('one', 10);

    const { dataSource } = database;
    // As when tables are brought up to date: one that is made anew is away for a moment.
    if (database.kind === 'sqlite') await dataSource.query('PRAGMA foreign_keys = OFF');
    const applied = async () => (await dataSource.query('SELECT name FROM schema_migration')) as { name: string }[];
    while ((await applied()).some(({ name }) => name.startsWith('LeanLedger'))) await dataSource.undoLastMigration();
    // A step is charged as the version before did.
    await database.write(
      ({ sql }) => sql`
        INSERT INTO credit_transfer (
          id, workspace_id, kind, from_account, to_account, amount, exact, run_id, node, iteration, created_at
        ) VALUES (${randomUUID()}, ${workspaceId}, 'charge', 'wallet', 'spent', 5, 500, ${run.id}, 'two', '', ${NOW})
        ON CONFLICT (run_id, node, iteration) WHERE kind = 'charge' DO NOTHING`,
    );
    await migrate(dataSource);

    await charge('one', 10);
    await charge('two', 5);
    await charge('three', 1);
    const wallet = new SqlWorkspaceCredits(database, workspaceId, credits);
    expect(await wallet.balance()).toEqual({ balance: 84, reserved: 14, available: 70, spent: 16 });
    await database.write((t) => credits.release(t, run.id, NOW));
    await wallet.refund(run.id, { amount: 6, actor: 'ada', reason: 'Not good', idempotencyKey: 'back' });
    const { transfers } = await wallet.list({ limit: 9 });
    expect(transfers.map(({ amount, balance }) => [amount, balance]).sort()).toEqual([
      [1, 84],
      [10, 90],
      [100, 100],
      [5, 85],
      [6, 90],
    ]);
    expect(await brokenBooks(database)).toEqual([]);
    await remove();
  });
});
