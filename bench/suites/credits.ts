import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../packages/server/src/adapters/typeorm/data-source.ts';
import type { Database } from '../../packages/server/src/adapters/typeorm/database.ts';
import { RunCredits } from '../../packages/server/src/adapters/typeorm/run-credits.ts';
import { aCharge, aFundedRun } from '../../packages/server/src/adapters/typeorm/testing/a-charge.ts';
import { seedWorkspace } from '../../packages/server/src/adapters/typeorm/testing/seed.ts';
import { SqlUsageDays } from '../../packages/server/src/adapters/typeorm/usage-days.ts';
import { SqlWorkspaceCredits } from '../../packages/server/src/adapters/typeorm/workspace-credits.ts';
import { SqlWorkspaceUsage } from '../../packages/server/src/adapters/typeorm/workspace-usage.ts';
import { paidRunRows } from '../engine/paid-runs.ts';
import type { BenchOptions, BenchRow } from '../row.ts';
import { quantile } from '../statistics.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const BATCH = 5000;

/** What credits add to a run and take of the throughput, and how long a large ledger takes to be read. The throughput needs a build. */
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
    const perRun = await paidRuns(database, credits, workspaceId, { from: 0, count: runs });
    const entries = smoke ? 20_000 : 1_000_000;
    for (let made = runs; made * 2 < entries; made += BATCH)
      await paidRuns(database, credits, workspaceId, { from: made, count: BATCH });
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
    const days = new SqlUsageDays(database);
    const startedAt = performance.now();
    let counted = 0;
    for (let more = 1; more > 0; counted += more) more = await days.count();
    const perThousand = ((performance.now() - startedAt) / counted) * 1000;
    const usage = new SqlWorkspaceUsage(database, workspaceId);
    const month = await timed(() => usage.figures({ by: 'day-type', from: '2026-06-01', to: '2026-06-30' }));
    const year = await timed(() => usage.figures({ by: 'workflow', from: '2026-01-01', to: '2026-12-31' }));
    return [
      row('set aside, charge and give back for one run, in its transactions', perRun, 1),
      row(`page of 50 of ${entries.toLocaleString('en')} entries`, page, 50),
      row(`balance of ${entries.toLocaleString('en')} entries`, balance, 10),
      { name: 'counting 1,000 charges into their days', value: perThousand, unit: 'ms', target: null, ok: true },
      row(`usage of 30 days by day and node type, ${entries.toLocaleString('en')} entries in a year`, month, 50),
      row(`usage of a year by workflow, ${entries.toLocaleString('en')} entries`, year, 50),
      ...(await paidRunRows(smoke)),
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
async function paidRuns(
  database: Database,
  credits: RunCredits,
  workspaceId: string,
  { from, count }: { from: number; count: number },
): Promise<number> {
  const startedAt = performance.now();
  await database.write(async (transaction) => {
    for (let made = from; made < from + count; made++) {
      const { at, type, ...whose } = spread(made);
      const run = { id: randomUUID(), workspaceId };
      await credits.reserve(transaction, aFundedRun({ ...run, ...whose, credits: 15 }), at);
      await credits.charge(transaction, run, [aCharge({ node: 'up', type, credits: 12 })], at);
      await credits.release(transaction, run.id, at);
    }
  });
  return (performance.now() - startedAt) / count;
}

/** Spreads runs over the days of a year, ten workflows, five node types and four people, the same way each time. */
function spread(index: number) {
  const hash = Math.imul(index + 1, 2_654_435_761) >>> 0;
  return {
    at: new Date(Date.parse(NOW) + (index % 365) * 86_400_000).toISOString(),
    type: `bench.type${hash % 5}`,
    workflowId: `00000000-0000-4000-8000-00000000000${(hash >>> 8) % 10}`,
    createdBy: `person ${(hash >>> 16) % 4}`,
  };
}
