import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { type Billing, BillingAwayError, BillingRefusedError, type UseReport } from '../../../billing/billing.ts';
import { BillingSender } from '../../../billing/billing-sender.ts';
import { MemoryBilling } from '../../../billing/memory-billing.ts';
import { CustomerTakenError } from '../../../billing/outbox.ts';
import type { Database } from '../database/database.ts';
import { aCharge, aFundedRun } from '../testing/a-charge.ts';
import { openScratch, scratchKinds } from '../testing/scratch-databases.ts';
import { seedWorkspace } from '../testing/seed.ts';
import { spend } from '../testing/spend.ts';
import { SqlBillingOutbox } from './billing-outbox.ts';
import { SqlPurchases } from './purchases.ts';
import { RunCredits } from './run-credits.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';

const unlimited = new RunCredits({ mode: 'unlimited', startGrant: 0 });
const metered = new RunCredits({ mode: 'metered', startGrant: 1000 });
const START = Date.parse('2026-11-21T10:00:00.000Z');
const HOUR = 3_600_000;
const quiet = { warn: vi.fn(), error: vi.fn() };

describe.each(scratchKinds(inject('postgresUrl')))('billing on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let now = START;
  const workspaces: string[] = [];
  beforeEach(async () => {
    now = START;
    ({ database, remove } = await openScratch(kind));
    for (const name of ['ana', 'ben']) {
      const id = randomUUID();
      workspaces[name === 'ana' ? 0 : 1] = id;
      await seedWorkspace(database, id, randomUUID());
    }
  });
  afterEach(() => remove());
  const ana = () => workspaces[0] as string;
  const ben = () => workspaces[1] as string;
  const outbox = () => new SqlBillingOutbox(database, () => now);
  const moment = () => new Date(now).toISOString();

  /** A run that is charged and ends. */
  const use = (workspaceId: string, credits: number, by = unlimited): Promise<string> =>
    spend(database, by, { workspaceId, credits, at: moment() });
  const refund = (workspaceId: string, runId: string, amount: number) =>
    new SqlWorkspaceCredits(database, workspaceId, unlimited, () => now).refund(runId, {
      ...{ amount, actor: 'ada', reason: 'Not good', idempotencyKey: randomUUID() },
    });
  const sender = (billing: Billing) => new BillingSender(billing, outbox(), quiet);

  test('reports what was only counted, once, and what was given back; not what a wallet paid', async () => {
    const billing = new MemoryBilling(['cus_ana', 'cus_ben']);
    await use(ana(), 100); // Before it was a customer.
    now += 1000;
    await outbox().setCustomer(ana(), 'cus_ana');
    const run = await use(ana(), 60);
    await use(ana(), 5, metered);
    await use(ben(), 40); // Nobody's customer.
    await sender(billing).look();
    expect([billing.used('cus_ana'), billing.used('cus_ben')]).toEqual([60, 0]);
    now += 2 * HOUR;
    await refund(ana(), run, 10);
    await use(ana(), 7);
    await sender(billing).look();
    await sender(billing).look();
    expect(billing.used('cus_ana')).toBe(57);
    expect((await outbox().state()).reports).toEqual({ due: 0, sent: 3, refused: 0, unknown: 0 });
  });

  test('a run that has not ended is not reported yet', async () => {
    await outbox().setCustomer(ana(), 'cus_ana');
    const run = { id: randomUUID(), workspaceId: ana() };
    await unlimited.open(database, ana(), moment());
    await database.write((t) => unlimited.reserve(t, aFundedRun({ ...run, credits: 9 }), moment()));
    await database.write((t) => unlimited.charge(t, run, [aCharge({ node: 'up', credits: 9 })], moment()));
    expect(await outbox().gather()).toBe(0);
    now += 48 * HOUR; // It may wait for days.
    await outbox().gather();
    await database.write((t) => unlimited.release(t, run.id, moment()));
    expect(await outbox().gather()).toBe(1);
  });

  test('several senders at once report each use once between them', async () => {
    const billing = new MemoryBilling(['cus_ana']);
    const report = vi.spyOn(billing, 'report');
    await outbox().setCustomer(ana(), 'cus_ana');
    for (let runs = 0; runs < 12; runs++) await use(ana(), 1);
    for (let looks = 0; looks < 4 && billing.used('cus_ana') < 12; looks++)
      await Promise.all([1, 2, 3, 4].map(() => sender(billing).look()));
    expect(billing.used('cus_ana')).toBe(12);
    expect(report).toHaveBeenCalledTimes(12);
  });

  test('waits as long as the service says, else longer and longer, and loses nothing', async () => {
    const billing = new MemoryBilling(['cus_ana']);
    const errors = [
      new BillingAwayError('busy', { afterMs: 7000, mayHaveArrived: false }),
      ...[1, 2, 3].map(() => new BillingAwayError('broken', { mayHaveArrived: true })),
    ];
    const tries: number[] = [];
    const flaky: Billing = {
      async report(report) {
        tries.push(now - START);
        const error = errors.shift();
        if (error) throw error;
        await billing.report(report);
      },
    };
    await outbox().setCustomer(ana(), 'cus_ana');
    await use(ana(), 5);
    for (; now < START + 10 * 60_000; now += 1000) await sender(flaky).look();
    expect(tries).toEqual([0, 7000, 67_000, 187_000, 427_000]);
    expect(billing.used('cus_ana')).toBe(5);
  });

  test('what is refused waits for a person, who says another customer; the others are sent meanwhile', async () => {
    const billing = new MemoryBilling(['cus_ben', 'cus_new']);
    await outbox().setCustomer(ana(), 'cus_gone');
    await outbox().setCustomer(ben(), 'cus_ben');
    const run = await use(ana(), 5);
    await use(ben(), 6);
    await sender(billing).look();
    expect(billing.used('cus_ben')).toBe(6);
    const { open, reports, customers } = await outbox().state();
    expect(reports).toEqual({ due: 0, sent: 1, refused: 1, unknown: 0 });
    expect(open).toMatchObject([{ id: run, credits: 5, state: 'refused', error: 'No such customer: cus_gone' }]);
    expect(customers.map(({ customerId }) => customerId).sort()).toEqual(['cus_ben', 'cus_gone']);
    await expect(outbox().setCustomer(ana(), 'cus_ben')).rejects.toBeInstanceOf(CustomerTakenError);
    await outbox().setCustomer(ana(), 'cus_new');
    await sender(billing).look();
    expect(billing.used('cus_new')).toBe(5);
    await outbox().setCustomer(ana(), null);
    await use(ana(), 8);
    expect(await outbox().gather()).toBe(0);
  });

  test('one that may have arrived is not sent again once the service has forgotten what it knew', async () => {
    await outbox().setCustomer(ana(), 'cus_ana');
    await use(ana(), 5);
    const dies: Billing = {
      report: async () => {
        throw new Error('the process ended here');
      },
    };
    // Nothing is noted of how the try ended, as after a crash.
    await sender(dies).look();
    now += 22 * HOUR;
    const again = await outbox().next();
    expect(again).toMatchObject({ attempt: 2, credits: 5 });
    now += 2 * HOUR;
    expect(await outbox().next()).toBeUndefined();
    expect((await outbox().state()).open).toMatchObject([{ state: 'unknown', credits: 5 }]);
  });

  test('tries that cannot have arrived leave no doubt, however long they go on', async () => {
    const billing = new MemoryBilling(['cus_ana']);
    await outbox().setCustomer(ana(), 'cus_ana');
    await use(ana(), 5);
    const away: Billing = {
      report: async () => {
        throw new BillingAwayError('nobody listens', { mayHaveArrived: false });
      },
    };
    for (let days = 0; days < 4; days++) {
      await sender(away).look();
      now += 24 * HOUR;
    }
    await sender(billing).look();
    expect(billing.used('cus_ana')).toBe(5);
  });

  test('takes each credit of a purchase back once, whatever is told at the same moment and in whatever order', async () => {
    const wallet = new SqlWorkspaceCredits(database, ana(), metered, () => now);
    const purchases = new SqlPurchases(database, metered, () => now);
    await wallet.purchase({ amount: 200, actor: 'server', reason: 'Bought: cs_1', idempotencyKey: 'sale:cs_1' });
    await purchases.note({ id: 'cs_1', workspaceId: ana(), payment: 'pi_1', credits: 200 });
    const takeBack = (refunded: number) => purchases.takeBack({ payment: 'pi_1', refunded, of: 100 });
    const told = await Promise.all([30, 60, 60, 45, 30].map(takeBack));
    expect(told.reduce((sum, back) => sum + (back?.taken ?? 0), 0)).toBe(120);
    expect(await takeBack(45)).toBeUndefined();
    expect(await takeBack(100)).toMatchObject({ taken: 80, missing: 0 });
    expect(await wallet.balance()).toMatchObject({ balance: 1000 });
  });

  test('whatever is used, refunded, refused, lost on the way and killed, the bill is what the ledger says', async () => {
    const act = fc.oneof(
      fc.record({ type: fc.constant('use' as const), credits: fc.integer({ min: 1, max: 50 }) }),
      fc.record({ type: fc.constant('refund' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
      fc.record({ type: fc.constant('look' as const), faults: fc.array(fc.constantFrom('no', 'lost', 'kept', 'die')) }),
      fc.record({ type: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 90 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        const [workspaceId, customer] = [randomUUID(), `cus_${randomUUID()}`];
        await seedWorkspace(database, workspaceId, randomUUID());
        await outbox().setCustomer(workspaceId, customer);
        const billing = new MemoryBilling([customer]);
        const left = new Map<string, number>();
        const faulty = (faults: string[]): Billing => ({
          async report(report: UseReport) {
            const fault = faults.shift() ?? 'no';
            if (fault === 'lost') throw new BillingAwayError('away', { mayHaveArrived: false });
            if (report.customer !== customer) throw new BillingRefusedError('of another test');
            await billing.report(report);
            if (fault === 'kept') throw new BillingAwayError('broken', { mayHaveArrived: true });
            if (fault === 'die') throw new Error('the process ended here');
          },
        });
        for (const done of acts) {
          if (done.type === 'use') left.set(await use(workspaceId, done.credits), done.credits);
          else if (done.type === 'wait') now += done.minutes * 60_000;
          else if (done.type === 'look') await sender(faulty([...done.faults])).look();
          else {
            const [run, credits] = [...left].at(-1) ?? [];
            const amount = Math.floor((credits ?? 0) * done.share);
            if (run === undefined || amount === 0) continue;
            await refund(workspaceId, run, amount);
            left.set(run, (credits ?? 0) - amount);
          }
        }
        for (let looks = 0; looks < 60; looks++) {
          await sender(faulty([])).look();
          now += 5 * 60_000;
        }
        expect(billing.used(customer)).toBe([...left.values()].reduce((sum, credits) => sum + credits, 0));
        await outbox().setCustomer(workspaceId, null);
      }),
      { numRuns: kind.name === 'SQLite' ? 40 : 10 },
    );
  });
});
