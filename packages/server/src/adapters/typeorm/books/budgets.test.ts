import { randomUUID } from 'node:crypto';
import { AgreedSpentError, BudgetSpentError } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { AmountError } from '../../../credits/ledger.ts';
import type { Database } from '../database/database.ts';
import { SqlRunStore } from '../runs/run-store.ts';
import { aCharge } from '../testing/a-charge.ts';
import { openScratch, scratchKinds } from '../testing/scratch-databases.ts';
import { seedWorkspace } from '../testing/seed.ts';
import { brokenBooks } from './check-ledger.ts';
import { RunCredits } from './run-credits.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';

const NOVEMBER = '2026-11-21T12:00:00.000Z';
const DECEMBER = '2026-12-01T00:00:00.000Z';
const terms = { version: 0, rules: [], bundle: null };
const nothing = { steps: [], events: [] };

describe.each(scratchKinds(inject('postgresUrl')))('a budget on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let workspaceId: string;
  let workflowId: string;
  let now: string;
  let credits: SqlWorkspaceCredits;
  let store: SqlRunStore;
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
  });
  afterAll(() => remove());
  beforeEach(async () => {
    workspaceId = randomUUID();
    workflowId = randomUUID();
    now = NOVEMBER;
    await seedWorkspace(database, workspaceId, workflowId);
    const clock = () => Date.parse(now);
    const unlimited = new RunCredits({ mode: 'unlimited', startGrant: 0 });
    credits = new SqlWorkspaceCredits(database, workspaceId, unlimited, clock);
    store = new SqlRunStore(database, unlimited, clock);
  });

  const accept = async (creditsQuoted: number) =>
    (await store.accept(aNewRun({ id: randomUUID(), workspaceId, workflowId, creditsQuoted, terms }))).run.id;
  /** Ends a run that was charged so much. */
  const end = async (runId: string, spent: number) => {
    const lease = await store.claim(runId, 'test', 3_600_000);
    if (!lease) throw new Error('the run could not be claimed');
    const charges = spent > 0 ? [aCharge({ node: 'up', credits: spent })] : [];
    const outcome = { state: 'failed', creditsSpent: spent, error: null, cover: null } as const;
    await store.settle(lease, outcome, { ...nothing, charges });
  };

  test('lets exactly 100 of 200 spend at once on a budget for 100', { timeout: 120_000 }, async () => {
    await credits.setBudget(100, 'ada');
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () =>
        accept(1).then(
          () => 'accepted',
          (error: unknown) => (error instanceof BudgetSpentError ? 'refused' : String(error)),
        ),
      ),
    );
    const counts = Object.fromEntries(
      Map.groupBy(outcomes, String)
        .entries()
        .map(([name, all]) => [name, all.length]),
    );
    expect(counts).toEqual({ accepted: 100, refused: 100 });
    expect(await credits.budget()).toMatchObject({ used: 100, left: 0 });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('lets exactly 10 of 30 runs begin at once that share what was agreed to for the run that starts them', async () => {
    const runId = randomUUID();
    const shared = { ...terms, ceiling: { runId, most: 10 } };
    await store.accept(aNewRun({ id: runId, workspaceId, workflowId, creditsQuoted: 0, terms: shared }));
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () =>
        store.accept(aNewRun({ id: randomUUID(), workspaceId, workflowId, creditsQuoted: 1, terms: shared })).then(
          () => 'accepted',
          (error: unknown) => (error instanceof AgreedSpentError ? 'refused' : String(error)),
        ),
      ),
    );
    expect([outcomes.filter((one) => one === 'accepted').length, new Set(outcomes)]).toEqual([
      10,
      new Set(['accepted', 'refused']),
    ]);
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('refuses a run that goes over it, with what is missing and when it begins again, and stores nothing', async () => {
    await credits.setBudget(100, 'ada');
    await accept(60);
    const refused = await store
      .accept(aNewRun({ id: randomUUID(), workspaceId, workflowId, creditsQuoted: 60, terms }))
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'BudgetSpentError', missing: 20, beginsAgain: DECEMBER });
    expect((refused as Error).message).toBe(
      'This run needs 60 credits and the budget of this workspace has 40 left this month: 20 are missing. It begins again on 2026-12-01.',
    );
    expect(await credits.budget()).toEqual({
      month: '2026-11',
      amount: 100,
      used: 60,
      left: 40,
      beginsAgain: DECEMBER,
    });
    const rows = await database.read(({ sql }) => sql`SELECT id FROM run WHERE workspace_id = ${workspaceId}`);
    expect(rows).toHaveLength(1);
    await accept(40);
  });

  test('counts what a run spent once it has ended, and takes a refund back', async () => {
    await credits.setBudget(100, 'ada');
    const run = await accept(100);
    await end(run, 30);
    expect(await credits.budget()).toMatchObject({ used: 30, left: 70 });
    await credits.refund(run, { amount: 10, actor: 'ada', reason: 'Not good', idempotencyKey: 'r' });
    expect(await credits.budget()).toMatchObject({ used: 20, left: 80 });
    await store.requestCancel(await accept(80));
    expect(await credits.budget()).toMatchObject({ used: 20, left: 80 });
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('begins again with the month in UTC; a run counts in the one in which it was accepted', async () => {
    await credits.setBudget(100, 'ada');
    now = '2026-11-30T23:59:59.999Z';
    const late = await accept(100);
    now = DECEMBER;
    expect(await credits.budget()).toMatchObject({ month: '2026-12', used: 0, left: 100 });
    await accept(90);
    await end(late, 50);
    expect(await credits.budget()).toMatchObject({ used: 90, left: 10, beginsAgain: '2027-01-01T00:00:00.000Z' });
    now = '2026-11-30T23:59:59.999Z';
    expect(await credits.budget()).toMatchObject({ used: 50, left: 50 });
  });

  test('holds for credits that a run needs on the way, and lets what is set aside be spent', async () => {
    await credits.setBudget(100, 'ada');
    const run = await accept(90);
    const lease = await store.claim(run, 'test', 60_000);
    if (!lease) throw new Error('the run could not be claimed');
    await store.setAside(lease, 10);
    await expect(store.setAside(lease, 1)).rejects.toThrow(BudgetSpentError);
    await credits.setBudget(10, 'ada');
    await store.checkpoint(lease, { ...nothing, charges: [aCharge({ node: 'up', credits: 100 })] });
    await expect(accept(1)).rejects.toThrow(/has 0 left this month: 1 are missing/);
    expect(await credits.budget()).toMatchObject({ amount: 10, used: 100, left: 0 });
  });

  test('counts a run that was expected to cost nothing, and then needs credits', async () => {
    await credits.setBudget(10, 'ada');
    const run = await accept(0);
    const lease = await store.claim(run, 'test', 60_000);
    if (!lease) throw new Error('the run could not be claimed');
    await store.setAside(lease, 10);
    expect(await credits.budget()).toMatchObject({ used: 10, left: 0 });
    await expect(store.setAside(lease, 1)).rejects.toThrow(BudgetSpentError);
    expect(await brokenBooks(database)).toEqual([]);
  });

  test('refuses no run that costs nothing, and nobody once it is ended', async () => {
    await credits.setBudget(1, 'ada');
    await accept(1);
    await accept(0);
    await expect(accept(1)).rejects.toThrow(BudgetSpentError);
    expect(await credits.setBudget(null, 'ada')).toMatchObject({ amount: null, used: 1, left: null });
    await accept(1000);
  });

  test('is that of one workspace', async () => {
    await credits.setBudget(1, 'ada');
    const other = { workspaceId: randomUUID(), workflowId: randomUUID() };
    await seedWorkspace(database, other.workspaceId, other.workflowId);
    await store.accept(aNewRun({ id: randomUUID(), ...other, creditsQuoted: 50, terms }));
    expect(await credits.budget()).toMatchObject({ used: 0, left: 1 });
  });

  test.each([-1, 0, 0.1, '1', '1e3', undefined, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])(
    'of %s credits is refused',
    async (amount) => {
      await expect(credits.setBudget(amount as number, 'ada')).rejects.toThrow(AmountError);
      expect(await credits.budget()).toMatchObject({ amount: null });
    },
  );
});
