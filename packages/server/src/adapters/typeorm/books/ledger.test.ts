import { randomUUID } from 'node:crypto';
import { InsufficientCreditsError } from '@imaginarium/engine';
import { describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { brokenBooks } from './check-ledger.ts';
import { RunCredits } from './run-credits.ts';
import { ledgerOn, metered, NOW } from './testing/ledger-on.ts';

describe.each(scratchKinds(inject('postgresUrl')))('the ledger on $name', (kind) => {
  const { charge, ledger, release, reserve } = ledgerOn(kind);

  test('grants a workspace its start credits once', async () => {
    const again = new RunCredits({ mode: 'metered', startGrant: 100 });
    await again.open(ledger.database, ledger.workspaceId, NOW);
    expect(await ledger.credits.balance()).toEqual({ balance: 100, reserved: 0, available: 100, spent: 0 });
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });

  test('sets credits aside, charges them step by step, and gives the rest back once', async () => {
    const run = randomUUID();
    await reserve(run, 70);
    expect(await ledger.credits.balance()).toEqual({ balance: 100, reserved: 70, available: 30, spent: 0 });
    await charge(run, 'avatar', 10);
    await charge(run, 'avatar', 10);
    expect(await ledger.credits.balance()).toEqual({ balance: 90, reserved: 60, available: 30, spent: 10 });
    await release(run);
    await release(run);
    expect(await ledger.credits.balance()).toEqual({ balance: 90, reserved: 0, available: 90, spent: 10 });
    expect(await ledger.credits.receipt(run)).toMatchObject({
      reserved: 70,
      spent: 10,
      returned: 60,
      state: 'released',
    });
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });

  test('refuses a run that is not covered, with what is missing, and changes nothing', async () => {
    const error = await reserve(randomUUID(), 101).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(InsufficientCreditsError);
    expect(error).toMatchObject({ missing: 1 });
    expect(await ledger.credits.balance()).toMatchObject({ reserved: 0, available: 100 });
  });

  test('charges nobody more than was set aside for them, and nothing once it is given back', async () => {
    const run = randomUUID();
    await reserve(run, 10);
    await expect(charge(run, 'dear', 11)).rejects.toThrow(/ck_credit_reservation_spent/);
    await ledger.database.write((transaction) => metered.extend(transaction, run, 1));
    await charge(run, 'dear', 11);
    await release(run);
    await expect(charge(run, 'late', 0)).rejects.toThrow(/an open reservation/);
    await expect(ledger.database.write((transaction) => metered.extend(transaction, run, 1))).rejects.toThrow(
      /no open/,
    );
    await expect(reserve(run, 1)).rejects.toThrow();
    expect(await ledger.credits.balance()).toEqual({ balance: 89, reserved: 0, available: 89, spent: 11 });
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
    expect(await ledger.credits.balance()).toEqual({ balance: 0, reserved: 0, available: 0, spent: 100 });
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });

  test('lets one of two runs have the last credits', async () => {
    const outcomes = await Promise.allSettled([reserve(randomUUID(), 60), reserve(randomUUID(), 60)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await ledger.credits.balance()).toMatchObject({ reserved: 60, available: 40 });
  });

  test('writes down what is spent without a limit, and refuses nobody', async () => {
    const unlimited = new RunCredits({ mode: 'unlimited', startGrant: 0 });
    const run = randomUUID();
    await reserve(run, 1_000_000, unlimited);
    await charge(run, 'up', 75);
    await release(run);
    expect(await ledger.credits.balance()).toEqual({ balance: 100, reserved: 0, available: 100, spent: 75 });
    expect(await ledger.credits.receipt(run)).toMatchObject({ account: 'source', spent: 75 });
    expect((await ledger.credits.list({ limit: 1 })).transfers).toMatchObject([
      { kind: 'charge', amount: 75, change: 0 },
    ]);
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });
});
