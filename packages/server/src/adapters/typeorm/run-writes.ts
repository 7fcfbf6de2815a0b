import { createHash } from 'node:crypto';
import type { Checkpoint, NewRun } from '@imaginarium/engine';
import { type Graph, type RunEvent, type Step, stableStringify } from '@imaginarium/protocol';
import type { Transaction } from './database.ts';
import { type RunRow, runColumns } from './run-rows.ts';
import { fragment } from './sql.ts';

/** Rows of one INSERT: 500 steps stay far below the number of parameters that either database takes. */
const ROWS_PER_INSERT = 500;

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
      created_at, created_by, not_before, credits_quoted, credits_spent, last_seq, lease_token, idempotency_key, request_hash
    ) VALUES (
      ${run.id}, ${run.workspaceId}, ${run.workflowId}, ${run.workflowName}, ${run.version}, ${graphHash}, 'queued',
      ${run.trigger}, ${run.priority}, ${JSON.stringify(run.inputs)}, ${now}, ${run.createdBy}, ${run.notBefore ?? null}, ${run.creditsQuoted},
      0, 0, 0, ${run.idempotency?.key ?? null}, ${run.idempotency?.requestHash ?? null}
    )
    ON CONFLICT (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
    RETURNING ${runColumns}`;
  if (!row) return undefined;
  await storeProgress(transaction, run, { steps: run.settled ?? [], events: [] });
  if (run.notBefore !== undefined && run.notBefore > now)
    await sql`
      INSERT INTO run_delayed (run_id, workspace_id, priority, due_at)
      VALUES (${run.id}, ${run.workspaceId}, ${run.priority}, ${run.notBefore})`;
  else
    await sql`
      INSERT INTO run_outbox (run_id, workspace_id, priority) VALUES (${run.id}, ${run.workspaceId}, ${run.priority})`;
  return row;
}

/** Stores the steps and events of a checkpoint. The caller has checked the lease in the same transaction. */
export async function storeProgress(
  transaction: Transaction,
  run: { id: string; workspaceId: string },
  { steps, events }: Checkpoint,
): Promise<void> {
  for (let from = 0; from < steps.length; from += ROWS_PER_INSERT)
    await storeSteps(transaction, run, steps.slice(from, from + ROWS_PER_INSERT));
  await storeEvents(transaction, run.id, events);
}

export async function storeEvents({ sql }: Transaction, runId: string, events: readonly RunEvent[]): Promise<void> {
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) return;
  await sql`
    INSERT INTO run_event_chunk (run_id, from_seq, to_seq, events)
    VALUES (${runId}, ${first.seq}, ${last.seq}, ${JSON.stringify(events)})`;
}

async function storeSteps(
  { sql }: Transaction,
  run: { id: string; workspaceId: string },
  steps: readonly Step[],
): Promise<void> {
  const rows = steps.map(
    (step) => fragment`(
      ${run.id}, ${step.node}, ${run.workspaceId}, ${withoutNul(step.name)}, ${step.type}, ${step.state}, ${step.attempts},
      ${step.startedAt}, ${step.finishedAt}, ${step.itemsIn}, ${step.itemsFailed}, ${JSON.stringify(step.outputs)},
      ${step.credits}, ${step.error && JSON.stringify(step.error)}, ${step.reason && withoutNul(step.reason)})`,
  );
  await sql`
    INSERT INTO step (
      run_id, node, workspace_id, name, type, state, attempts, started_at, finished_at, items_in, items_failed, outputs,
      credits, error, reason
    ) VALUES ${rows}
    ON CONFLICT (run_id, node) DO UPDATE SET
      name = excluded.name, type = excluded.type, state = excluded.state, attempts = excluded.attempts,
      started_at = excluded.started_at, finished_at = excluded.finished_at, items_in = excluded.items_in,
      items_failed = excluded.items_failed, outputs = excluded.outputs, credits = excluded.credits,
      error = excluded.error, reason = excluded.reason`;
}

/** What a node says is kept, even if a column of text cannot hold all of it: a run must not fail for its own report. */
function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
