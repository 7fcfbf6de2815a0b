import { randomUUID } from 'node:crypto';
import type { StepCharge } from '@imaginarium/engine';
import type { FundedRun, RunCredits } from '../books/run-credits.ts';
import type { Database } from '../database/database.ts';
import { aCharge, aFundedRun } from './a-charge.ts';

/** A run that is charged one step, and ends. What is not said is that of {@link aFundedRun} and {@link aCharge}. */
export interface SpentRun extends Partial<Omit<FundedRun, 'id'>> {
  workspaceId: string;
  credits: number;
  /** When all of it happens, as ISO 8601. */
  at: string;
  charge?: Partial<StepCharge>;
}

/** Writes a run into the books of a workspace, which are opened for it. @returns its id. */
export async function spend(database: Database, by: RunCredits, { at, charge, ...of }: SpentRun): Promise<string> {
  const run = { id: randomUUID(), workspaceId: of.workspaceId };
  await by.open(database, of.workspaceId, at);
  await database.write(async (transaction) => {
    await by.reserve(transaction, aFundedRun({ ...of, ...run }), at);
    await by.charge(transaction, run, [aCharge({ node: 'up', credits: of.credits, ...charge })], at);
    await by.release(transaction, run.id, at);
  });
  return run.id;
}
