import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Database } from '../../database/database.ts';
import { aCharge, aFundedRun } from '../../testing/a-charge.ts';
import { openScratch, type ScratchKind } from '../../testing/scratch-databases.ts';
import { seedWorkspace } from '../../testing/seed.ts';
import { asInsufficient, RunCredits } from '../run-credits.ts';
import { SqlWorkspaceCredits } from '../workspace-credits.ts';

export const NOW = '2026-01-01T00:00:00.000Z';

/** Credits that are counted, 100 for each workspace to begin with. */
export const metered = new RunCredits({ mode: 'metered', startGrant: 100 });

/** A database with a workspace, which is another one for each test. */
interface LedgerPlace {
  database: Database;
  workspaceId: string;
  workflowId: string;
  credits: SqlWorkspaceCredits;
}

/** Books to move credits in, for the tests of the block that asks for them. */
export function ledgerOn(kind: ScratchKind) {
  const place = {} as LedgerPlace; // Filled before the first test.
  let remove: () => Promise<void>;
  beforeAll(async () => {
    const scratch = await openScratch(kind);
    place.database = scratch.database;
    remove = scratch.remove;
  });
  afterAll(() => remove());
  beforeEach(async () => {
    place.workspaceId = randomUUID();
    place.workflowId = randomUUID();
    await seedWorkspace(place.database, place.workspaceId, place.workflowId);
    place.credits = new SqlWorkspaceCredits(place.database, place.workspaceId, metered);
    await metered.open(place.database, place.workspaceId, NOW);
  });
  return {
    ledger: place,
    reserve: (runId: string, amount: number, by = metered) =>
      place.database
        .write((transaction) =>
          by.reserve(transaction, aFundedRun({ id: runId, workspaceId: place.workspaceId, credits: amount }), NOW),
        )
        .catch(async (error: unknown) => {
          throw await asInsufficient(error, place.database, place.workspaceId, amount);
        }),
    charge: (runId: string, node: string, amount: number) =>
      place.database.write((transaction) =>
        metered.charge(
          transaction,
          { id: runId, workspaceId: place.workspaceId },
          [aCharge({ node, credits: amount })],
          NOW,
        ),
      ),
    release: (runId: string) => place.database.write((transaction) => metered.release(transaction, runId, NOW)),
  };
}

/** What is asked of the ledger to move so many credits. */
export function moved(amount: number, idempotencyKey: string = randomUUID()) {
  return { amount, actor: 'ada', reason: 'Because', idempotencyKey };
}
