import { eventsOfCancel } from '@imaginarium/engine';
import { isTerminal } from '@imaginarium/protocol';
import type { Transaction } from '../database/database.ts';
import { forgetParked } from './run-parking.ts';
import { type RunRow, readSteps, runColumns } from './run-rows.ts';
import { storeProgress } from './run-writes.ts';

/**
 * Ends a run as cancelled that no worker holds, with the steps of it that wait. What its finished steps cost stays spent.
 * @returns the run; undefined when a worker holds it, or it has ended, or there is none.
 */
export async function cancelUnheld(transaction: Transaction, id: string, at: string): Promise<RunRow | undefined> {
  const { sql } = transaction;
  const [run] = await sql<{ last_seq: number }>`
    UPDATE run SET state = 'cancelled', cancel_requested_at = ${at}, finished_at = ${at}
    WHERE id = ${id} AND state IN ('queued', 'waiting') RETURNING last_seq`;
  if (!run) return undefined;
  await sql`DELETE FROM run_outbox WHERE run_id = ${id}`;
  await sql`DELETE FROM run_delayed WHERE run_id = ${id}`;
  const steps = await readSteps(transaction, id);
  const creditsSpent = steps.reduce((sum, step) => sum + step.credits, 0);
  const events = eventsOfCancel({ runId: id, lastSeq: run.last_seq, at, creditsSpent }, steps);
  const open = steps.filter(({ state }) => !isTerminal(state));
  await storeProgress(transaction, id, {
    steps: open.map((step) => ({ ...step, state: 'cancelled', finishedAt: at })),
    events,
  });
  await forgetParked(transaction, id);
  const [ended] = await sql<RunRow>`
    UPDATE run SET credits_spent = ${creditsSpent}, last_seq = ${run.last_seq + events.length}
    WHERE id = ${id} RETURNING ${runColumns}`;
  return ended;
}
