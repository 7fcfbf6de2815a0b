import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database/data-source.ts';
import type { Database, Transaction } from '../database/database.ts';
import { aCharge, aFundedRun } from '../testing/a-charge.ts';
import { LedgerModel, type Outcome } from '../testing/ledger-model.ts';
import { seedWorkspace } from '../testing/seed.ts';
import { brokenBooks } from './check-ledger.ts';
import { RunCredits } from './run-credits.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';

/** A longer look: `LEDGER_SEQUENCES=1000000 LEDGER_SEED=7 npx vitest run --project server ledger-model`. */
const sequences = Number(process.env.LEDGER_SEQUENCES ?? (process.env.CI ? 100_000 : 3000));
const seed = Number(process.env.LEDGER_SEED ?? Date.now() % 1_000_000);

const WORKSPACE = '00000000-0000-4000-8000-000000000001';
const START = 100;
const HOUR_MS = 3_600_000;
const runId = (run: number) => `00000000-0000-4000-8000-00000000000${run}`;

const amount = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(100, 101));
const run = fc.integer({ min: 1, max: 3 });
const key = fc.constantFrom('a', 'b', 'c');

/** Something that happens to the ledger. */
const act = fc.oneof(
  fc.record({ type: fc.constantFrom('grant', 'purchase', 'withdraw'), amount, key }),
  fc.record({ type: fc.constant('reserve'), run, amount: fc.oneof(amount, fc.constant(0)) }),
  fc.record({ type: fc.constant('extend'), run, amount }),
  fc.record({
    ...{ type: fc.constant('charge'), run, step: fc.constantFrom('x', 'y', 'z') },
    exact: fc.oneof(fc.integer({ min: 0, max: 4000 }), fc.constantFrom(10_000, 10_001)),
  }),
  fc.record({ type: fc.constantFrom('release', 'expire'), run }),
  fc.record({ type: fc.constant('refund'), run, amount, key }),
  fc.record({ type: fc.constant('wait'), hours: fc.integer({ min: 1, max: 30 }) }),
);
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** What becomes of the process meanwhile: it dies before the commit, or before it has heard of the commit and tries again. */
const fate = fc.constantFrom('lives', 'lives', 'lives', 'dies before the commit', 'dies after the commit');

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ sqliteFile: ':memory:' });
  await seedWorkspace(database, WORKSPACE, '00000000-0000-4000-8000-000000000002');
});
afterAll(() => database.close());

class Crash extends Error {}
class Undo extends Error {}

test(`does what its model does in ${sequences} random sequences (seed ${seed})`, { timeout: 1_800_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(act, fate), { minLength: 1, maxLength: 12 }), async (sequence) => {
      // One transaction for the whole sequence, undone at its end: each begins with the same empty books.
      await database
        .write(async (transaction) => {
          await play(sequence, transaction);
          throw new Undo();
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undo)) throw error;
        });
    }),
    { numRuns: sequences, seed },
  );
});

async function play(sequence: (readonly [Act, string])[], transaction: Transaction): Promise<void> {
  const model = new LedgerModel(START);
  const policy = new RunCredits({ mode: 'metered', startGrant: START });
  let dies = false;
  const inside: Database = {
    ...database,
    read: (work) => work(transaction),
    async write(work) {
      await transaction.sql`SAVEPOINT act`;
      try {
        const result = await work(transaction);
        if (dies) throw new Crash();
        return result;
      } catch (error) {
        await transaction.sql`ROLLBACK TO act`;
        throw error;
      } finally {
        await transaction.sql`RELEASE act`;
      }
    },
  };
  const credits = new SqlWorkspaceCredits(inside, WORKSPACE, policy);
  await policy.open(inside, WORKSPACE, at(model));
  for (const [happening, becomes] of sequence) {
    if (happening.type === 'wait') {
      model.now += happening.hours;
      continue;
    }
    dies = becomes === 'dies before the commit';
    const real = () => outcomeOf(perform(happening, inside, policy, credits, model));
    if (dies) {
      const outcome = await real();
      expect(['crashed', 'refused']).toContain(outcome);
      continue;
    }
    expect([happening, await real()]).toEqual([happening, expected(happening, model)]);
    if (becomes === 'dies after the commit') expect(await real()).toBe(expected(happening, model));
  }
  dies = false;
  const { balance, reserved, spent } = model;
  expect(await credits.balance()).toEqual({ balance, reserved, available: balance - reserved, spent });
  for (const [id, held] of model.runs) {
    const receipt = await credits.receipt(runId(id));
    const charges = Object.fromEntries(receipt?.charges.map((charge) => [charge.node, charge.credits]) ?? []);
    expect([receipt?.state, receipt?.reserved, receipt?.refunded, charges]).toEqual([
      ...[held.state, held.amount, held.refunded],
      Object.fromEntries(held.charges),
    ]);
  }
  expect(await brokenBooks(inside)).toEqual([]);
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome | 'crashed'> {
  try {
    await work;
    return 'done';
  } catch (error) {
    return error instanceof Crash ? 'crashed' : 'refused';
  }
}

function perform(
  happening: Exclude<Act, { type: 'wait' }>,
  inside: Database,
  policy: RunCredits,
  credits: SqlWorkspaceCredits,
  model: LedgerModel,
): Promise<unknown> {
  const now = at(model);
  if ('key' in happening) {
    const transfer = { ...happening, actor: 'ada', reason: 'Because', idempotencyKey: happening.key };
    if ('run' in happening) return credits.refund(runId(happening.run), transfer);
    return credits[happening.type as 'grant'](transfer);
  }
  const id = runId(happening.run);
  return inside.write((transaction): Promise<unknown> => {
    if ('exact' in happening) {
      const { step, exact } = happening;
      const charge = aCharge({ node: step, credits: Math.round(exact / 100), exact });
      return policy.charge(transaction, { id, workspaceId: WORKSPACE }, [charge], now);
    }
    if ('amount' in happening)
      return happening.type === 'extend'
        ? policy.extend(transaction, id, happening.amount)
        : policy.reserve(transaction, aFundedRun({ id, workspaceId: WORKSPACE, credits: happening.amount }), now);
    return happening.type === 'release' ? policy.release(transaction, id, now) : policy.expire(transaction, now);
  });
}

function expected(happening: Exclude<Act, { type: 'wait' }>, model: LedgerModel): Outcome {
  if ('key' in happening) {
    const { type, amount: credits, key: name } = happening;
    if ('run' in happening) return model.refund(happening.run, `refund ${happening.run} ${credits}`, name, credits);
    return model.move(`${type} ${credits}`, name, type === 'withdraw' ? -credits : credits);
  }
  if ('exact' in happening)
    return model.charge(happening.run, happening.step, Math.round(happening.exact / 100), happening.exact);
  if ('amount' in happening)
    return happening.type === 'extend'
      ? model.extend(happening.run, happening.amount)
      : model.reserve(happening.run, happening.amount);
  return happening.type === 'release' ? model.release(happening.run) : model.expire();
}

function at({ now }: LedgerModel): string {
  return new Date(Date.UTC(2026, 0, 1) + now * HOUR_MS).toISOString();
}
