import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { eventually } from '@imaginarium/engine/testing';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { SqlBillingOutbox } from '../typeorm/books/billing-outbox.ts';
import { RunCredits } from '../typeorm/books/run-credits.ts';
import { openDatabase } from '../typeorm/database/data-source.ts';
import { aCharge, aFundedRun } from '../typeorm/testing/a-charge.ts';
import { type ScratchDatabase, scratchKinds } from '../typeorm/testing/scratch-databases.ts';
import { seedWorkspace } from '../typeorm/testing/seed.ts';
import { StripeServer } from './testing/stripe-server.ts';

const program = fileURLToPath(new URL('testing/send-bills.ts', import.meta.url));
/** Longer than a report is its sender's. */
const NEXT_MS = 61_000;
const credits = new RunCredits({ mode: 'unlimited', startGrant: 0 });

let scratch: ScratchDatabase | undefined;
afterEach(async () => {
  await scratch?.remove();
  scratch = undefined;
});

/** Puts so many runs of one credit each into the ledger of a customer. */
async function useCredits(place: ScratchDatabase['place'], runs: number): Promise<void> {
  const database = await openDatabase(place);
  const workspaceId = randomUUID();
  await seedWorkspace(database, workspaceId, randomUUID());
  await new SqlBillingOutbox(database).setCustomer(workspaceId, 'cus_ana');
  const now = new Date().toISOString();
  await credits.open(database, workspaceId, now);
  for (let made = 0; made < runs; made++) {
    const run = { id: randomUUID(), workspaceId };
    await database.write(async (transaction) => {
      await credits.reserve(transaction, aFundedRun({ ...run, credits: 1 }), now);
      await credits.charge(transaction, run, [aCharge({ node: 'up', credits: 1 })], now);
      await credits.release(transaction, run.id, now);
    });
  }
  await database.close();
}

describe.each(scratchKinds(inject('postgresUrl')))('a sender on $name', (kind) => {
  test('that is killed before and after the service has counted loses nothing and reports nothing twice', async () => {
    scratch = await kind.create();
    const { place } = scratch;
    await using stripe = new StripeServer();
    const url = await stripe.listen();
    await useCredits(place, 5);
    let ahead = 0;
    const send = () => {
      const rest = ['--place', JSON.stringify(place), '--url', url, '--ahead', String(ahead)];
      const child = spawn(process.execPath, [program, ...rest], { stdio: ['ignore', 'ignore', 'inherit'] });
      return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
    };
    for (const fault of ['silent', 'mute', 'mute', 'silent'] as const) {
      stripe.faults.push(fault);
      const before = stripe.requests.length;
      const { child, ended } = send();
      await eventually(() => stripe.requests.length > before, 'a report', 30_000);
      child.kill('SIGKILL');
      await ended;
      ahead += NEXT_MS;
    }
    await send().ended;
    expect(stripe.used('cus_ana')).toBe(5);
    const database = await openDatabase(place);
    expect((await new SqlBillingOutbox(database).state()).reports).toEqual({ due: 0, sent: 5, refused: 0, unknown: 0 });
    await database.close();
  });
});
