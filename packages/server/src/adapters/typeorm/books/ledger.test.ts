import { randomUUID } from 'node:crypto';
import { IdempotencyMismatchError, InsufficientCreditsError, type Lease } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import type { PriceTerms } from '@imaginarium/protocol';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { AmountError, type NewTransfer, RefundRefusedError } from '../../../credits/ledger.ts';
import type { Database } from '../database/database.ts';
import { SqlRunStore } from '../runs/run-store.ts';
import { aCharge, aFundedRun } from '../testing/a-charge.ts';
import { openScratch, scratchKinds } from '../testing/scratch-databases.ts';
import { seedWorkspace } from '../testing/seed.ts';
import { aStep } from '../testing/world.ts';
import { brokenBooks } from './check-ledger.ts';
import { asInsufficient, RunCredits } from './run-credits.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const terms: PriceTerms = { version: 0, rules: [], bundle: null };

describe.each(scratchKinds(inject('postgresUrl')))('the ledger on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let workspaceId: string;
  let workflowId: string;
  let credits: SqlWorkspaceCredits;
  const metered = new RunCredits({ mode: 'metered', startGrant: 100 });
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
  });
  afterAll(() => remove());
  beforeEach(async () => {
    workspaceId = randomUUID();
    workflowId = randomUUID();
    await seedWorkspace(database, workspaceId, workflowId);
    credits = new SqlWorkspaceCredits(database, workspaceId, metered);
    await metered.open(database, workspaceId, NOW);
  });

  const reserve = (runId: string, amount: number, by = metered) =>
    database
      .write((transaction) => by.reserve(transaction, aFundedRun({ id: runId, workspaceId, credits: amount }), NOW))
      .catch(async (error: unknown) => {
        throw await asInsufficient(error, database, workspaceId, amount);
      });
  const charge = (runId: string, node: string, amount: number) =>
    database.write((transaction) =>
      metered.charge(transaction, { id: runId, workspaceId }, [aCharge({ node, credits: amount })], NOW),
    );
  const release = (runId: string) => database.write((transaction) => metered.release(transaction, runId, NOW));
  const aStore = () => {
    const asked = aNewRun({ workspaceId, workflowId, creditsQuoted: 20, terms });
    return { store: new SqlRunStore(database, metered), asked };
  };
  const moved = (amount: number, idempotencyKey: string = randomUUID()) => {
    return { amount, actor: 'ada', reason: 'Because', idempotencyKey };
  };

  test('grants a workspace its start credits once', async () => {
    const again = new RunCredits({ mode: 'metered', startGrant: 100 });
    await again.open(database, workspaceId, NOW);
    expect(await credits.balance()).toEqual({ balance: 100, reserved: 0, available: 100, spent: 0 });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('sets credits aside, charges them step by step, and gives the rest back once', async () => {
    const run = randomUUID();
    await reserve(run, 70);
    expect(await credits.balance()).toEqual({ balance: 100, reserved: 70, available: 30, spent: 0 });
    await charge(run, 'avatar', 10);
    await charge(run, 'avatar', 10);
    expect(await credits.balance()).toEqual({ balance: 90, reserved: 60, available: 30, spent: 10 });
    await release(run);
    await release(run);
    expect(await credits.balance()).toEqual({ balance: 90, reserved: 0, available: 90, spent: 10 });
    expect(await credits.receipt(run)).toMatchObject({ reserved: 70, spent: 10, returned: 60, state: 'released' });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('refuses a run that is not covered, with what is missing, and changes nothing', async () => {
    const error = await reserve(randomUUID(), 101).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(InsufficientCreditsError);
    expect(error).toMatchObject({ missing: 1 });
    expect(await credits.balance()).toMatchObject({ reserved: 0, available: 100 });
  });

  test('charges nobody more than was set aside for them, and nothing once it is given back', async () => {
    const run = randomUUID();
    await reserve(run, 10);
    await expect(charge(run, 'dear', 11)).rejects.toThrow(/ck_credit_reservation_spent/);
    await database.write((transaction) => metered.extend(transaction, run, 1));
    await charge(run, 'dear', 11);
    await release(run);
    await expect(charge(run, 'late', 0)).rejects.toThrow(/an open reservation/);
    await expect(database.write((transaction) => metered.extend(transaction, run, 1))).rejects.toThrow(/no open/);
    await expect(reserve(run, 1)).rejects.toThrow();
    expect(await credits.balance()).toEqual({ balance: 89, reserved: 0, available: 89, spent: 11 });
  });

  test('lets exactly 100 of 200 spend at once from a wallet with credit for 100', { timeout: 120_000 }, async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const run = randomUUID();
        try {
          await reserve(run, 1);
        } catch (error) {
          return error instanceof InsufficientCreditsError ? 'refused' : String(error);
        }
        await charge(run, 'step', 1);
        await release(run);
        return 'paid';
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'paid')).toHaveLength(100);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(100);
    expect(await credits.balance()).toEqual({ balance: 0, reserved: 0, available: 0, spent: 100 });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('lets one of two runs have the last credits', async () => {
    const outcomes = await Promise.allSettled([reserve(randomUUID(), 60), reserve(randomUUID(), 60)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await credits.balance()).toMatchObject({ reserved: 60, available: 40 });
  });

  test.each([-1, 0, 0.1, '1', '1e3', null, undefined, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses to move %s credits',
    async (amount) => {
      const transfer = { ...moved(1), amount: amount as number };
      await expect(credits.grant(transfer)).rejects.toThrow(AmountError);
      await expect(credits.purchase(transfer)).rejects.toThrow(AmountError);
      await expect(credits.withdraw(transfer)).rejects.toThrow(/amount: expected a whole number of credits from 1/);
      expect(await credits.balance()).toMatchObject({ balance: 100 });
    },
  );

  test('moves credits once for one idempotency key, and refuses the key with another request', async () => {
    const first = await credits.grant(moved(50, 'order-1'));
    expect(await credits.grant(moved(50, 'order-1'))).toEqual(first);
    await expect(credits.grant(moved(51, 'order-1'))).rejects.toThrow(IdempotencyMismatchError);
    await expect(credits.purchase(moved(50, 'order-1'))).rejects.toThrow(IdempotencyMismatchError);
    const twins = await Promise.all([1, 2, 3].map(() => credits.purchase(moved(7, 'twin'))));
    expect(new Set(twins.map(({ id }) => id)).size).toBe(1);
    expect(await credits.balance()).toMatchObject({ balance: 157 });
  });

  test('takes back what is there and not set aside', async () => {
    await reserve(randomUUID(), 90);
    await expect(credits.withdraw(moved(11))).rejects.toThrow(InsufficientCreditsError);
    expect(await credits.withdraw(moved(10))).toMatchObject({ change: -10, balance: 90 });
  });

  test('takes as many back as are there, where as many as possible are asked for; a repeat takes nothing more', async () => {
    await reserve(randomUUID(), 90);
    const takeUpTo = (transfer: NewTransfer) =>
      database.write((transaction) => credits.withdrawUpTo(transaction, transfer));
    const twins = await Promise.all([1, 2, 3].map(() => takeUpTo(moved(25, 'back'))));
    expect(twins).toEqual([10, 10, 10]);
    await credits.grant(moved(50));
    expect(await takeUpTo(moved(25, 'back'))).toBe(10);
    expect(await takeUpTo(moved(25, 'more'))).toBe(25);
    expect(await takeUpTo(moved(26))).toBe(25);
    expect(await takeUpTo(moved(1))).toBe(0);
    await expect(takeUpTo(moved(0))).rejects.toThrow(AmountError);
    expect(await credits.balance()).toMatchObject({ balance: 90, available: 0 });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('refunds what was charged and no more, however it is asked', async () => {
    const run = randomUUID();
    await reserve(run, 30);
    await charge(run, 'up', 30);
    await release(run);
    expect(await credits.refund(run, moved(20, 'refund-1'))).toMatchObject({ change: 20, balance: 90 });
    await credits.refund(run, moved(20, 'refund-1'));
    await expect(credits.refund(run, moved(20))).rejects.toThrow(
      'refund: expected at most 10 credits, which is what is left of the charges of this run; received 20.',
    );
    await credits.refund(run, moved(10));
    await expect(credits.refund(run, moved(1))).rejects.toThrow(RefundRefusedError);
    await expect(credits.refund(randomUUID(), moved(1))).rejects.toThrow(RefundRefusedError);
    expect(await credits.balance()).toEqual({ balance: 100, reserved: 0, available: 100, spent: 0 });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('writes down what is spent without a limit, and refuses nobody', async () => {
    const unlimited = new RunCredits({ mode: 'unlimited', startGrant: 0 });
    const run = randomUUID();
    await reserve(run, 1_000_000, unlimited);
    await charge(run, 'up', 75);
    await release(run);
    expect(await credits.balance()).toEqual({ balance: 100, reserved: 0, available: 100, spent: 75 });
    expect(await credits.receipt(run)).toMatchObject({ account: 'source', spent: 75 });
    expect((await credits.list({ limit: 1 })).transfers).toMatchObject([{ kind: 'charge', amount: 75, change: 0 }]);
    expect(await brokenBooks(database)).toEqual([]);
  });

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
    for (const change of refused) await expect(change(database)).rejects.toThrow(/append-only|resolved once/);
    await release(run);
    await expect(
      database.write(({ sql }) => sql`UPDATE credit_reservation SET state = 'open' WHERE run_id = ${run}`),
    ).rejects.toThrow(/resolved once/);
    await expect(
      database.write(({ sql }) => sql`UPDATE credit_account SET balance = -1 WHERE kind = 'wallet'`),
    ).rejects.toThrow(/ck_credit_account_available/);
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('keeps the books of a workspace that somebody tries to delete', async () => {
    await reserve(randomUUID(), 10);
    await expect(database.write(({ sql }) => sql`DELETE FROM workspace WHERE id = ${workspaceId}`)).rejects.toThrow(
      /foreign key/i,
    );
  });

  test('gives back what is set aside for a run that is gone once its time is over, and never under a run that goes on', async () => {
    const { store, asked } = aStore();
    const alive = (await store.accept(asked)).run.id;
    const gone = randomUUID();
    await reserve(gone, 10);
    const expire = (at: string) => database.write((transaction) => metered.expire(transaction, at));
    expect(await expire('2026-01-01T23:59:59.000Z')).toBe(0);
    // A clock that jumps a year ahead.
    const later = new Date(Date.now() + 365 * 86_400_000).toISOString();
    expect(await expire(later)).toBeGreaterThan(0); // Other tests leave some too.
    expect([(await credits.receipt(gone))?.state, (await credits.receipt(alive))?.state]).toEqual(['expired', 'open']);
    expect(await credits.balance()).toMatchObject({ reserved: 20, available: 80 });
    await store.requestCancel(alive);
    expect(await expire(later)).toBe(0);
    expect(await credits.balance()).toMatchObject({ reserved: 0, available: 100 });
  });

  test('gives back what a run had left, in whichever state it is cancelled', async () => {
    const { store, asked } = aStore();
    const begin = async (id: string) => {
      const { run } = await store.accept({ ...asked, id });
      return { run, lease: (await store.claim(run.id, 'a', 60_000)) as Lease };
    };
    const nothing = { steps: [], events: [] };
    const queued = (await store.accept(asked)).run.id;
    await store.requestCancel(queued);
    const { run, lease } = await begin(randomUUID());
    await store.requestCancel(run.id);
    expect(await credits.balance()).toMatchObject({ reserved: 20 });
    const charges = [aCharge({ node: 'up', credits: 5 })];
    await store.settle(
      lease,
      { state: 'cancelled', creditsSpent: 5, error: null, cover: null },
      { ...nothing, charges },
    );
    expect(await credits.balance()).toEqual({ balance: 95, reserved: 0, available: 95, spent: 5 });
    const waiting = await begin(randomUUID());
    const wait = { id: randomUUID(), call: 0, about: { kind: 'callback' }, since: NOW, dueAt: null } as const;
    const resting = {
      node: 'ask',
      iteration: '',
      attempts: 1,
      done: [],
      waits: [{ ...wait, answer: null, before: null }],
    };
    await store.park(waiting.lease, {
      ...{ events: [], steps: [aStep('up', { credits: 5 })], charges },
      parked: { resting: true, workedMs: 1, steps: [resting] },
    });
    expect(await credits.balance()).toMatchObject({ balance: 90, reserved: 15 });
    await store.requestCancel(waiting.run.id);
    await store.requestCancel(waiting.run.id);
    expect(await credits.balance()).toEqual({ balance: 90, reserved: 0, available: 90, spent: 10 });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('lists transfers by pages and filters, with the balance after each', async () => {
    for (const amount of [1, 2, 3]) await credits.grant(moved(amount));
    const run = randomUUID();
    await reserve(run, 5);
    await charge(run, 'up', 5);
    const first = await credits.list({ limit: 3 });
    const second = await credits.list({ limit: 3, cursor: first.nextCursor ?? '' });
    const all = [...first.transfers, ...second.transfers];
    expect(all.map(({ change, balance }) => [change, balance]).sort()).toEqual(
      [
        [3, 106],
        [2, 103],
        [1, 101],
        [100, 100],
        [-5, 101],
      ].sort(),
    );
    expect(second.nextCursor).toBeNull();
    const charges = await credits.list({ limit: 9, kind: 'charge', runId: run });
    expect(charges.transfers).toMatchObject([{ node: 'up', amount: 5, actor: null }]);
    expect((await credits.list({ limit: 9, to: '2000-01-01T00:00:00.000Z' })).transfers).toEqual([]);
  });

  test('shows nothing of another workspace', async () => {
    const run = randomUUID();
    await reserve(run, 5);
    await seedWorkspace(database, randomUUID(), randomUUID());
    const other = randomUUID();
    await seedWorkspace(database, other, randomUUID());
    const stranger = new SqlWorkspaceCredits(database, other, new RunCredits({ mode: 'metered', startGrant: 0 }));
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
      for (const statement of statements) await database.dataSource.query(statement);
      const { url } = database.dataSource.options as { url: string };
      const clerk = new pg.Client({ connectionString: Object.assign(new URL(url), { username: role }).href });
      await clerk.connect();
      const run = randomUUID();
      await clerk.query(
        `INSERT INTO credit_reservation (run_id, workspace_id, account, amount, terms, created_at, expires_at)
         VALUES ('${run}', '${workspaceId}', 'wallet', 30, '{}', '${NOW}', '${NOW}')`,
      );
      await clerk.query(
        `INSERT INTO credit_transfer (id, workspace_id, kind, from_account, to_account, amount, exact, run_id, node, created_at)
         VALUES ('${randomUUID()}', '${workspaceId}', 'charge', 'wallet', 'spent', 20, 2000, '${run}', 'up', '${NOW}')`,
      );
      await clerk.query(`UPDATE credit_reservation SET state = 'released' WHERE run_id = '${run}'`);
      expect(await credits.balance()).toEqual({ balance: 80, reserved: 0, available: 80, spent: 20 });
      for (const statement of [
        'UPDATE credit_account SET balance = 1000',
        'INSERT INTO credit_entry SELECT * FROM credit_entry',
        'UPDATE credit_transfer SET amount = 1',
        'DELETE FROM credit_transfer',
        'UPDATE credit_reservation SET spent = 0',
      ])
        await expect(clerk.query(statement)).rejects.toThrow(/permission denied/);
      await clerk.end();
      await database.dataSource.query(`DROP OWNED BY ${role}`);
      await database.dataSource.query(`DROP ROLE ${role}`);
      expect(await brokenBooks(database)).toEqual([]);
    });
});
