import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../packages/server/src/adapters/typeorm/data-source.ts';
import type { Database } from '../../packages/server/src/adapters/typeorm/database.ts';
import { RunCredits } from '../../packages/server/src/adapters/typeorm/run-credits.ts';
import { aCharge, aFundedRun } from '../../packages/server/src/adapters/typeorm/testing/a-charge.ts';
import { seedWorkspace } from '../../packages/server/src/adapters/typeorm/testing/seed.ts';
import { SqlWorkspaceCredits } from '../../packages/server/src/adapters/typeorm/workspace-credits.ts';
import type { BenchOptions, BenchRow } from '../row.ts';
import { quantile } from '../statistics.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const BATCH = 5000;

/** What the credits ledger adds to a run, and how long a large one takes to be read. */
export async function rows({ smoke }: BenchOptions): Promise<readonly BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-credits-'));
  const database = await openDatabase({ sqliteFile: join(folder, 'imaginarium.sqlite') });
  try {
    const workspaceId = randomUUID();
    await seedWorkspace(database, workspaceId, randomUUID());
    const credits = new RunCredits({ mode: 'metered', startGrant: 1_000_000_000 });
    const wallet = new SqlWorkspaceCredits(database, workspaceId, credits);
    await credits.open(database, workspaceId, NOW);
    const runs = smoke ? 200 : 5000;
    const perRun = await paidRuns(database, credits, workspaceId, runs);
    const entries = smoke ? 20_000 : 1_000_000;
    for (let made = runs * 2; made < entries; made += BATCH * 2) await paidRuns(database, credits, workspaceId, BATCH);
    const timed = async (work: () => Promise<unknown>) => {
      const times: number[] = [];
      for (let turn = 0; turn < 15; turn++) {
        const startedAt = performance.now();
        await work();
        times.push(performance.now() - startedAt);
      }
      return quantile(times, 0.5);
    };
    const page = await timed(() => wallet.list({ limit: 50 }));
    const balance = await timed(() => wallet.balance());
    return [
      row('set aside, charge and give back for one run, in its transactions', perRun, 1),
      row(`page of 50 of ${entries.toLocaleString('en')} entries`, page, 50),
      row(`balance of ${entries.toLocaleString('en')} entries`, balance, 10),
    ];
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function row(name: string, value: number, limit: number): BenchRow {
  return { name, value, unit: 'ms', target: `< ${limit}`, ok: value < limit };
}

/** Runs of one step each, their credits in one transaction as a busy server groups them. @returns milliseconds each. */
async function paidRuns(database: Database, credits: RunCredits, workspaceId: string, count: number): Promise<number> {
  const startedAt = performance.now();
  await database.write(async (transaction) => {
    for (let made = 0; made < count; made++) {
      const run = { id: randomUUID(), workspaceId };
      await credits.reserve(transaction, aFundedRun({ ...run, credits: 15 }), NOW);
      await credits.charge(transaction, run, [aCharge({ node: 'up', credits: 12 })], NOW);
      await credits.release(transaction, run.id, NOW);
    }
  });
  return (performance.now() - startedAt) / count;
}
