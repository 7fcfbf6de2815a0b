import { randomUUID } from 'node:crypto';
import type { Lease } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import type { PriceTerms } from '@imaginarium/protocol';
import { describe, expect, inject, test } from 'vitest';
import { SqlRunStore } from '../runs/run-store.ts';
import { aCharge } from '../testing/a-charge.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aStep } from '../testing/world.ts';
import { brokenBooks } from './check-ledger.ts';
import { ledgerOn, metered, NOW } from './testing/ledger-on.ts';

const terms: PriceTerms = { version: 0, rules: [], bundle: null };

describe.each(scratchKinds(inject('postgresUrl')))('the ledger on $name', (kind) => {
  const { ledger, reserve } = ledgerOn(kind);

  const aStore = () => {
    const asked = aNewRun({ workspaceId: ledger.workspaceId, workflowId: ledger.workflowId, creditsQuoted: 20, terms });
    return { store: new SqlRunStore(ledger.database, metered), asked };
  };

  test('gives back what is set aside for a run that is gone once its time is over, and never under a run that goes on', async () => {
    const { store, asked } = aStore();
    const alive = (await store.accept(asked)).run.id;
    const gone = randomUUID();
    await reserve(gone, 10);
    const expire = (at: string) => ledger.database.write((transaction) => metered.expire(transaction, at));
    expect(await expire('2026-01-01T23:59:59.000Z')).toBe(0);
    // A clock that jumps a year ahead.
    const later = new Date(Date.now() + 365 * 86_400_000).toISOString();
    expect(await expire(later)).toBeGreaterThan(0); // Other tests leave some too.
    expect([(await ledger.credits.receipt(gone))?.state, (await ledger.credits.receipt(alive))?.state]).toEqual([
      'expired',
      'open',
    ]);
    expect(await ledger.credits.balance()).toMatchObject({ reserved: 20, available: 80 });
    await store.requestCancel(alive);
    expect(await expire(later)).toBe(0);
    expect(await ledger.credits.balance()).toMatchObject({ reserved: 0, available: 100 });
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
    expect(await ledger.credits.balance()).toMatchObject({ reserved: 20 });
    const charges = [aCharge({ node: 'up', credits: 5 })];
    await store.settle(
      lease,
      { state: 'cancelled', creditsSpent: 5, error: null, cover: null },
      { ...nothing, charges },
    );
    expect(await ledger.credits.balance()).toEqual({ balance: 95, reserved: 0, available: 95, spent: 5 });
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
    expect(await ledger.credits.balance()).toMatchObject({ balance: 90, reserved: 15 });
    await store.requestCancel(waiting.run.id);
    await store.requestCancel(waiting.run.id);
    expect(await ledger.credits.balance()).toEqual({ balance: 90, reserved: 0, available: 90, spent: 10 });
    expect(await brokenBooks(ledger.database)).toEqual([]);
  });
});
