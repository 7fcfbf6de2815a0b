import { AgreedSpentError } from '@imaginarium/engine';
import type { Transaction } from '../database/database.ts';
import { fragment } from '../database/sql.ts';

/** What a reservation `v` counts for: all that was set aside while its run goes on, and what was spent once it has ended. */
export const givenTo = fragment`(CASE v.state WHEN 'open' THEN v.amount ELSE v.spent END - v.refunded)`;

/** A run with what was set aside for it. */
interface GivenRun {
  id: string;
  workspaceId: string;
  /** Whole credits. */
  credits: number;
}

/**
 * Notes that a run shares what was agreed to for the first of the runs that it belongs to, once its own credits are set aside.
 * @throws {AgreedSpentError} when it goes over that.
 */
export async function joinCeiling(
  transaction: Transaction,
  { id, workspaceId, credits }: GivenRun,
  { runId, most }: { runId: string; most: number },
): Promise<void> {
  await transaction.sql`
    INSERT INTO credit_ceiling (run_id, workspace_id, ceiling_run_id, most) VALUES (${id}, ${workspaceId}, ${runId}, ${most})`;
  await keepToCeiling(transaction, id, credits);
}

/**
 * Refuses what goes over the ceiling that a run shares, in the transaction that has set it aside: what runs were given counts while they go
 * on, and what they spent once they have ended. A run without a ceiling is refused nothing.
 * @throws {AgreedSpentError}
 */
export async function keepToCeiling({ sql }: Transaction, runId: string, credits: number): Promise<void> {
  // The row of the first run is held to the end of the transaction: of two that set credits aside at the same moment, one sees the other.
  const [ceiling] = await sql<{ run_id: string; most: number }>`
    UPDATE credit_ceiling SET most = most
    WHERE run_id = (SELECT c.ceiling_run_id FROM credit_ceiling c WHERE c.run_id = ${runId}) RETURNING run_id, most`;
  if (!ceiling || credits === 0) return;
  const [sum] = await sql<{ given: number }>`
    SELECT CAST(SUM(${givenTo}) AS bigint) AS given
    FROM credit_ceiling c JOIN credit_reservation v ON v.run_id = c.run_id WHERE c.ceiling_run_id = ${ceiling.run_id}`;
  const given = Number(sum?.given ?? 0);
  if (given > ceiling.most)
    throw new AgreedSpentError(credits, ceiling.most, Math.max(0, ceiling.most - (given - credits)));
}
