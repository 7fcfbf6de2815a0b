import { BudgetSpentError } from '@imaginarium/engine';
import type { Budget } from '@imaginarium/protocol';
import type { Database, Transaction } from '../database/database.ts';
import { isCheckViolation } from '../database/violations.ts';

/** The budget of a workspace in the month of a moment, and what runs of that month were given. */
export async function readBudget(
  { sql }: Pick<Transaction, 'sql'>,
  workspaceId: string,
  moment: string,
): Promise<Budget> {
  const month = moment.slice(0, 7);
  const [row] = await sql<{ amount: number | null; used: number | null }>`
    SELECT b.amount, m.used FROM workspace w
    LEFT JOIN credit_budget b ON b.workspace_id = w.id
    LEFT JOIN credit_month m ON m.workspace_id = w.id AND m.month = ${month}
    WHERE w.id = ${workspaceId}`;
  const { amount = null, used } = row ?? {};
  const spent = used ?? 0;
  return {
    ...{ month, amount, used: spent, left: amount === null ? null : Math.max(0, amount - spent) },
    beginsAgain: monthAfter(month),
  };
}

/** Sets the budget of every month, or ends it with null. What was spent already stays spent. */
export async function writeBudget(
  { sql }: Pick<Transaction, 'sql'>,
  workspaceId: string,
  { amount, by, at }: { amount: number | null; by: string; at: string },
): Promise<void> {
  if (amount === null) await sql`DELETE FROM credit_budget WHERE workspace_id = ${workspaceId}`;
  else
    await sql`
      INSERT INTO credit_budget (workspace_id, amount, set_by, set_at) VALUES (${workspaceId}, ${amount}, ${by}, ${at})
      ON CONFLICT (workspace_id) DO UPDATE SET amount = excluded.amount, set_by = excluded.set_by, set_at = excluded.set_at`;
}

/**
 * What a store failed with, as the refusal it stands for when a budget was spent.
 * @param run the run that needs credits; it belongs to the month in which it was accepted, or to this one.
 */
export async function asBudgetSpent(
  error: unknown,
  database: Database,
  { id, workspaceId, needed }: { id: string; workspaceId: string; needed: number },
  now: string,
): Promise<unknown> {
  if (!isCheckViolation(error, 'ck_credit_month_budget')) return error;
  return database.read(async (transaction) => {
    const [run] = await transaction.sql<{ created_at: string }>`
      SELECT created_at FROM credit_reservation WHERE run_id = ${id}`;
    const { left, beginsAgain } = await readBudget(transaction, workspaceId, run?.created_at ?? now);
    // Other runs may have ended since: what was missing then was at least one.
    return new BudgetSpentError(needed, Math.min(left ?? 0, needed - 1), beginsAgain);
  });
}

/** When the month after one begins. @param month such as 2026-11. */
export function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 1)).toISOString();
}
