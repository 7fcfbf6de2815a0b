import type { RunOutcome } from '@imaginarium/engine';
import { BUDGET_WARNING_PERCENT, type Graph, LOW_CREDITS, type NoticeAbout, type Step } from '@imaginarium/protocol';
import { newId } from '../../../new-id.ts';
import type { Transaction } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import { monthAfter } from './budgets.ts';

/**
 * Tells the person whose run it was that it failed or was cancelled, in the transaction that ends it. A run that another run started is told
 * of with that one.
 * @param steps the last steps that were stored, for the name of the one that failed.
 */
export async function tellEnd(
  transaction: Transaction,
  runId: string,
  { state, error, creditsSpent }: Pick<RunOutcome, 'state' | 'error' | 'creditsSpent'>,
  steps: readonly Step[],
  now: string,
): Promise<void> {
  if (state === 'succeeded') return;
  const [run] = await transaction.sql<EndedRow>`
    SELECT r.workspace_id, r.workflow_name, r.created_by, r.parent, r.graph_hash, v.amount FROM run r
    LEFT JOIN credit_reservation v ON v.run_id = r.id WHERE r.id = ${runId}`;
  if (!run || run.parent !== null) return;
  const about: NoticeAbout = {
    ...{ kind: 'run-ended', runId, workflowName: run.workflow_name, state },
    ...{ charged: creditsSpent, returned: Math.max(0, (run.amount ?? 0) - creditsSpent) },
    step: error?.node === undefined ? null : await nameOf(transaction, error.node, run, steps),
    message: error?.message ?? null,
  };
  const person = { workspaceId: run.workspace_id, userId: run.created_by };
  await tellPerson(transaction, person, { subject: `run:${runId}`, about, now });
}

/**
 * Tells those who look after a workspace when a run that has just had credits set aside left few: once for a day where the wallet is low,
 * once for a month and budget where most of it is gone.
 */
export async function tellLow(
  transaction: Transaction,
  { workspaceId, credits, payer }: { workspaceId: string; credits: number; payer: 'wallet' | 'source' },
  now: string,
): Promise<void> {
  if (credits === 0) return;
  const month = now.slice(0, 7);
  // By their keys: a join costs SQLite more than all three of them.
  const [left] = await transaction.sql<{ amount: number | null; used: number | null; available: number }>`
    SELECT balance - reserved AS available,
      (SELECT amount FROM credit_budget WHERE workspace_id = ${workspaceId}) AS amount,
      (SELECT used FROM credit_month WHERE workspace_id = ${workspaceId} AND month = ${month}) AS used
    FROM credit_account WHERE workspace_id = ${workspaceId} AND kind = 'wallet'`;
  const { amount = null, used, available = 0 } = left ?? {};
  const spent = used ?? 0;
  if (amount !== null && isLow(spent, amount) && !isLow(spent - credits, amount)) {
    const about: NoticeAbout = { kind: 'budget-low', amount, used: spent, beginsAgain: monthAfter(month) };
    await tellKeepers(transaction, workspaceId, { subject: `budget-low:${month}:${amount}`, about, now });
  }
  if (payer === 'source' || available >= LOW_CREDITS || available + credits < LOW_CREDITS) return;
  const about: NoticeAbout = { kind: 'credits-low', available };
  await tellKeepers(transaction, workspaceId, { subject: `credits-low:${now.slice(0, 10)}`, about, now });
}

/** Tells a member of a workspace something, once for a subject. */
export function tellPerson(
  transaction: Transaction,
  { workspaceId, userId }: { workspaceId: string; userId: string },
  notice: { subject: string; about: NoticeAbout; now: string },
): Promise<void> {
  return tell(transaction, workspaceId, fragment`CAST(m.user_id AS text) = ${userId}`, notice);
}

/** Tells those who look after a workspace something, once for a subject. */
export function tellKeepers(
  transaction: Transaction,
  workspaceId: string,
  notice: { subject: string; about: NoticeAbout; now: string },
): Promise<void> {
  return tell(transaction, workspaceId, fragment`m.role IN ('owner', 'admin')`, notice);
}

interface EndedRow {
  workspace_id: string;
  workflow_name: string;
  created_by: string;
  parent: string | null;
  graph_hash: string;
  /** Set aside; null where nothing in it could cost anything. */
  amount: number | null;
}

function isLow(used: number, amount: number): boolean {
  return used * 100 >= amount * BUDGET_WARNING_PERCENT;
}

async function tell(
  { sql }: Transaction,
  workspaceId: string,
  whom: Fragment,
  { subject, about, now }: { subject: string; about: NoticeAbout; now: string },
): Promise<void> {
  const people = await sql<{ user_id: string }>`
    SELECT m.user_id FROM membership m WHERE m.workspace_id = ${workspaceId} AND ${whom}`;
  if (people.length === 0) return;
  const rows = people.map(
    ({ user_id }) => fragment`(${newId()}, ${workspaceId}, ${user_id}, ${subject}, ${JSON.stringify(about)}, ${now})`,
  );
  await sql`
    INSERT INTO notice (id, workspace_id, user_id, subject, about, created_at) VALUES ${rows}
    ON CONFLICT (workspace_id, user_id, subject) DO NOTHING`;
}

async function nameOf(
  { sql }: Transaction,
  node: string,
  { workspace_id, graph_hash }: EndedRow,
  steps: readonly Step[],
): Promise<string> {
  const step = steps.find((stored) => stored.node === node);
  if (step) return step.name;
  const [row] = await sql<{ graph: string }>`
    SELECT graph FROM graph_snapshot WHERE workspace_id = ${workspace_id} AND hash = ${graph_hash}`;
  const graph: Graph | undefined = row && JSON.parse(row.graph);
  return graph?.nodes.find(({ id }) => id === node)?.name ?? node;
}
