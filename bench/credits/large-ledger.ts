import { randomUUID } from 'node:crypto';
import { RunCredits } from '../../packages/server/src/adapters/typeorm/books/run-credits.ts';
import { SqlUsageDays } from '../../packages/server/src/adapters/typeorm/books/usage-days.ts';
import { SqlWorkspaceCredits } from '../../packages/server/src/adapters/typeorm/books/workspace-credits.ts';
import { SqlWorkspaceUsage } from '../../packages/server/src/adapters/typeorm/books/workspace-usage.ts';
import type { Database } from '../../packages/server/src/adapters/typeorm/database/database.ts';
import { aCharge, aFundedRun } from '../../packages/server/src/adapters/typeorm/testing/a-charge.ts';
import { seedWorkspace } from '../../packages/server/src/adapters/typeorm/testing/seed.ts';
import type { BenchRow } from '../row.ts';
import { quantile } from '../statistics.ts';
import { fillLedger, runAt } from './fill-ledger.ts';

/** Entries of the ledger that is read. PostgreSQL takes ten times as long to fill it as SQLite, one row after the other. */
const ENTRIES = { sqlite: 1_000_000, postgres: 100_000 } as const;

/** What credits add to a run, and how long a large ledger takes to be read. @param place the name of the database. */
export async function largeLedgerRows(database: Database, place: string, smoke: boolean): Promise<BenchRow[]> {
  const workspaceId = randomUUID();
  await seedWorkspace(database, workspaceId, randomUUID());
  const credits = new RunCredits({ mode: 'metered', startGrant: 1_000_000_000 });
  await credits.open(database, workspaceId, runAt(0).at);
  const runs = smoke ? 200 : 5000;
  const perRun = await paidRuns(database, credits, workspaceId, runs);
  const entries = smoke ? 2_000 : ENTRIES[database.kind];
  await fillLedger(database, workspaceId, { from: runs, to: entries / 2 });
  const wallet = new SqlWorkspaceCredits(database, workspaceId, credits);
  const usage = new SqlWorkspaceUsage(database, workspaceId);
  const counting = await countDays(new SqlUsageDays(database));
  // As its own housekeeping does where rows come over hours.
  if (database.kind === 'postgres') await database.write(({ sql }) => sql`ANALYZE`);
  const written = entries.toLocaleString('en');
  const row = async (what: string, limit: number, work: () => Promise<unknown>): Promise<BenchRow> =>
    within(`${what}, ${place}`, await timed(work), limit);
  return [
    within(
      `set aside, charge and give back for one run, in its transactions, ${place}`,
      perRun,
      // Embedded; between machines the way to the database and back counts.
      database.kind === 'sqlite' ? 1 : null,
    ),
    await row(`newest page of 50 of ${written} entries`, 50, () => wallet.list({ limit: 50 })),
    await row(`page of 50 from the middle of the year`, 50, () =>
      wallet.list({ limit: 50, to: '2026-06-15T00:00:00.000Z' }),
    ),
    await row(`page of 50 grants among ${written} entries`, 50, () => wallet.list({ limit: 50, kind: 'grant' })),
    await row(`balance of ${written} entries`, 10, () => wallet.balance()),
    within(`counting 1,000 charges into their days, ${place}`, counting, null),
    await row(`usage of 30 days by day and node type, ${written} entries in a year`, 50, () =>
      usage.figures({ by: 'day-type', from: '2026-06-01', to: '2026-06-30' }),
    ),
    await row(`usage of a year by workflow, ${written} entries`, 50, () =>
      usage.figures({ by: 'workflow', from: '2026-01-01', to: '2026-12-31' }),
    ),
  ];
}

/** Runs of one step each, their credits in one transaction as a busy server groups them. @returns milliseconds each. */
async function paidRuns(database: Database, credits: RunCredits, workspaceId: string, count: number): Promise<number> {
  const startedAt = performance.now();
  for (let made = 0; made < count; made += 50)
    await database.write(async (transaction) => {
      for (let index = made; index < made + 50; index++) {
        const { id, at, type, workflowId, createdBy } = runAt(index);
        const run = { id, workspaceId };
        await credits.reserve(transaction, aFundedRun({ ...run, workflowId, createdBy, credits: 15 }), at);
        await credits.charge(transaction, run, [aCharge({ node: 'up', type, credits: 12 })], at);
        await credits.release(transaction, id, at);
      }
    });
  return (performance.now() - startedAt) / count;
}

/** Counts all that is noted. @returns milliseconds for a thousand charges. */
async function countDays(days: SqlUsageDays): Promise<number> {
  const startedAt = performance.now();
  let counted = 0;
  for (let more = 1; more > 0; counted += more) more = await days.count();
  return ((performance.now() - startedAt) / counted) * 1000;
}

/** The middle of 15 times, in milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 15; turn++) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return quantile(times, 0.5);
}

function within(name: string, value: number, limit: number | null): BenchRow {
  return { name, value, unit: 'ms', target: limit === null ? null : `< ${limit}`, ok: limit === null || value < limit };
}
