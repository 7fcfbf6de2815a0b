import { createHash } from 'node:crypto';
import type { Checkpoint, NewRun } from '@imaginarium/engine';
import { type Graph, stableStringify } from '@imaginarium/protocol';
import type { Transaction } from './database.ts';
import { type RunRow, runColumns } from './run-rows.ts';

/** Keeps a graph once in its workspace. @returns its hash. */
export async function keepGraph({ sql }: Transaction, workspaceId: string, graph: Graph, now: string): Promise<string> {
  const hash = createHash('sha256').update(stableStringify(graph)).digest('hex');
  await sql`
    INSERT INTO graph_snapshot (workspace_id, hash, graph, created_at)
    VALUES (${workspaceId}, ${hash}, ${JSON.stringify(graph)}, ${now}) ON CONFLICT DO NOTHING`;
  return hash;
}

/** Inserts a run and its outbox row. Undefined when a run with the same idempotency key is there already. */
export async function insertRun(transaction: Transaction, run: NewRun, now: string): Promise<RunRow | undefined> {
  const { sql } = transaction;
  const graphHash = await keepGraph(transaction, run.workspaceId, run.graph, now);
  const [row] = await sql<RunRow>`
    INSERT INTO run (
      id, workspace_id, workflow_id, workflow_name, version, graph_hash, state, "trigger", priority, inputs,
      created_at, created_by, not_before, credits_quoted, credits_spent, last_seq, lease_token, idempotency_key, request_hash,
      parent
    ) VALUES (
      ${run.id}, ${run.workspaceId}, ${run.workflowId}, ${run.workflowName}, ${run.version}, ${graphHash}, 'queued',
      ${run.trigger}, ${run.priority}, ${JSON.stringify(run.inputs)}, ${now}, ${run.createdBy}, ${run.notBefore ?? null}, ${run.creditsQuoted},
      0, 0, 0, ${run.idempotency?.key ?? null}, ${run.idempotency?.requestHash ?? null},
      ${run.parent ? JSON.stringify(run.parent) : null}
    )
    ON CONFLICT (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING ${runColumns}`;
  if (!row) return undefined;
  await storeProgress(transaction, run.id, { steps: run.settled ?? [], events: [] });
  if (run.notBefore !== undefined && run.notBefore > now)
    await sql`
      INSERT INTO run_delayed (run_id, workspace_id, priority, due_at)
      VALUES (${run.id}, ${run.workspaceId}, ${run.priority}, ${run.notBefore})`;
  else
    await sql`
      INSERT INTO run_outbox (run_id, workspace_id, priority) VALUES (${run.id}, ${run.workspaceId}, ${run.priority})`;
  return row;
}

/** Stores what a checkpoint holds, in one row. The caller has checked the lease in the same transaction. */
export async function storeProgress({ sql }: Transaction, runId: string, { steps, events }: Checkpoint): Promise<void> {
  if (steps.length === 0 && events.length === 0) return;
  await sql`
    INSERT INTO run_journal (run_id, from_seq, to_seq, steps, events)
    VALUES (
      ${runId}, ${events[0]?.seq ?? 0}, ${events.at(-1)?.seq ?? 0}, ${JSON.stringify(steps)}, ${JSON.stringify(events)}
    )`;
}
