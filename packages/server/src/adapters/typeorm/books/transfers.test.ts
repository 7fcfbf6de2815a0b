import { randomUUID } from 'node:crypto';
import { IdempotencyMismatchError, InsufficientCreditsError } from '@imaginarium/engine';
import { describe, expect, inject, test } from 'vitest';
import { AmountError, type NewTransfer, RefundRefusedError } from '../../../credits/ledger.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { brokenBooks } from './check-ledger.ts';
import { ledgerOn, moved } from './testing/ledger-on.ts';

describe.each(scratchKinds(inject('postgresUrl')))('transfers on $name', (kind) => {
  const { charge, ledger, release, reserve } = ledgerOn(kind);

  test.each([-1, 0, 0.1, '1', '1e3', null, undefined, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses to move %s credits',
    async (amount) => {
      const transfer = { ...moved(1), amount: amount as number };
      await expect(ledger.credits.grant(transfer)).rejects.toThrow(AmountError);
      await expect(ledger.credits.purchase(transfer)).rejects.toThrow(AmountError);
      await expect(ledger.credits.withdraw(transfer)).rejects.toThrow(
        /amount: expected a whole number of credits from 1/,
      );
      expect(await ledger.credits.balance()).toMatchObject({ balance: 100 });
    },
  );

  test('moves credits once for one idempotency key, and refuses the key with another request', async () => {
    const first = await ledger.credits.grant(moved(50, 'order-1'));
    expect(await ledger.credits.grant(moved(50, 'order-1'))).toEqual(first);
    await expect(ledger.credits.grant(moved(51, 'order-1'))).rejects.toThrow(IdempotencyMismatchError);
    await expect(ledger.credits.purchase(moved(50, 'order-1'))).rejects.toThrow(IdempotencyMismatchError);
    const twins = await Promise.all([1, 2, 3].map(() => ledger.credits.purchase(moved(7, 'twin'))));
    expect(new Set(twins.map(({ id }) => id)).size).toBe(1);
    expect(await ledger.credits.balance()).toMatchObject({ balance: 157 });
  });

  test('takes back what is there and not set aside', async () => {
    await reserve(randomUUID(), 90);
    await expect(ledger.credits.withdraw(moved(11))).rejects.toThrow(InsufficientCreditsError);
    expect(await ledger.credits.withdraw(moved(10))).toMatchObject({ change: -10, balance: 90 });
  });

  test('takes as many back as are there, where as many as possible are asked for; a repeat takes nothing more', async () => {
    await reserve(randomUUID(), 90);
    const takeUpTo = (transfer: NewTransfer) =>
      ledger.database.write((transaction) => ledger.credits.withdrawUpTo(transaction, transfer));
    const twins = await Promise.all([1, 2, 3].map(() => takeUpTo(moved(25, 'back'))));
    expect(twins).toEqual([10, 10, 10]);
    await ledger.credits.grant(moved(50));
    expect(await takeUpTo(moved(25, 'back'))).toBe(10);
    expect(await takeUpTo(moved(25, 'more'))).toBe(25);
    expect(await takeUpTo(moved(26))).toBe(25);
    expect(await takeUpTo(moved(1))).toBe(0);
    await expect(takeUpTo(moved(0))).rejects.toThrow(AmountError);
    expect(await ledger.credits.balance()).toMatchObject({ balance: 90, available: 0 });
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });

  test('refunds what was charged and no more, however it is asked', async () => {
    const run = randomUUID();
    await reserve(run, 30);
    await charge(run, 'up', 30);
    await release(run);
    expect(await ledger.credits.refund(run, moved(20, 'refund-1'))).toMatchObject({ change: 20, balance: 90 });
    await ledger.credits.refund(run, moved(20, 'refund-1'));
    await expect(ledger.credits.refund(run, moved(20))).rejects.toThrow(
      'refund: expected at most 10 credits, which is what is left of the charges of this run; received 20.',
    );
    await ledger.credits.refund(run, moved(10));
    await expect(ledger.credits.refund(run, moved(1))).rejects.toThrow(RefundRefusedError);
    await expect(ledger.credits.refund(randomUUID(), moved(1))).rejects.toThrow(RefundRefusedError);
    expect(await ledger.credits.balance()).toEqual({ balance: 100, reserved: 0, available: 100, spent: 0 });
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });

  test('lists transfers by pages and filters, with the balance after each', async () => {
    for (const amount of [1, 2, 3]) await ledger.credits.grant(moved(amount));
    const run = randomUUID();
    await reserve(run, 5);
    await charge(run, 'up', 5);
    const first = await ledger.credits.list({ limit: 3 });
    const second = await ledger.credits.list({ limit: 3, cursor: first.nextCursor ?? '' });
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
    const charges = await ledger.credits.list({ limit: 9, kind: 'charge', runId: run });
    expect(charges.transfers).toMatchObject([{ node: 'up', amount: 5, actor: null }]);
    expect((await ledger.credits.list({ limit: 9, to: '2000-01-01T00:00:00.000Z' })).transfers).toEqual([]);
  });
});
