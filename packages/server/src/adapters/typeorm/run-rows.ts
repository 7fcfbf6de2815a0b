import type { RunFunds, RunRecord, StepPart } from '@imaginarium/engine';
import {
  compareSteps,
  type Graph,
  type Run,
  type RunEvent,
  type RunState,
  type Step,
  stepKey,
} from '@imaginarium/protocol';
import type { Transaction } from './database.ts';
import { parseSteps, type StepColumns } from './packed-steps.ts';
import { readParked } from './run-parking.ts';
import { fragment } from './sql.ts';

/** A row of `run` as SQL gives it: JSON columns are text. */
export interface RunRow {
  id: string;
  workspace_id: string;
  workflow_id: string;
  workflow_name: string;
  version: number | null;
  graph_hash: string;
  state: RunState;
  trigger: Run['trigger'];
  parent: string | null;
  priority: number;
  inputs: string;
  created_at: string;
  created_by: string;
  not_before: string | null;
  started_at: string | null;
  finished_at: string | null;
  credits_quoted: number;
  credits_spent: number;
  error: string | null;
  dismissed_at: string | null;
  cover: string | null;
  last_seq: number;
  request_hash: string | null;
  takeovers: number;
}

/** The columns of {@link RunRow}. */
export const runColumns = fragment`
  id, workspace_id, workflow_id, workflow_name, version, graph_hash, state, "trigger", parent, priority, inputs, created_at, created_by,
  not_before, started_at, finished_at, dismissed_at, credits_quoted, credits_spent, error, cover, last_seq, request_hash, takeovers`;

export function runOf(row: RunRow): Run {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    workflowName: row.workflow_name,
    version: row.version,
    trigger: row.trigger,
    parent: parsed(row.parent),
    priority: row.priority,
    inputs: JSON.parse(row.inputs),
    creditsQuoted: row.credits_quoted,
    createdAt: row.created_at,
    notBefore: row.not_before,
    state: row.state,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    dismissedAt: row.dismissed_at,
    creditsSpent: row.credits_spent,
    error: parsed(row.error),
    cover: parsed(row.cover),
    lastSeq: row.last_seq,
  };
}

/** Reads a run with its graph and steps, the steps in the order of the graph. */
export async function readRecord(transaction: Transaction, row: RunRow): Promise<RunRecord> {
  const { sql } = transaction;
  const [snapshot] = await sql<SnapshotRow>`
    SELECT g.graph, v.terms, v.amount, v.spent_exact FROM graph_snapshot g
    LEFT JOIN credit_reservation v ON v.run_id = ${row.id}
    WHERE g.workspace_id = ${row.workspace_id} AND g.hash = ${row.graph_hash}`;
  if (!snapshot) throw new Error(`The graph of run ${row.id} is missing from the database.`);
  const graph: Graph = JSON.parse(snapshot.graph);
  const steps = await readSteps(transaction, row.id);
  const inGraphOrder = steps.sort(compareSteps(graph.nodes.map((node) => node.id)));
  const { workspace_id: workspaceId, created_by: createdBy, takeovers } = row;
  const record = {
    run: runOf(row),
    workspaceId,
    createdBy,
    graph,
    steps: inGraphOrder,
    takeovers,
    funds: fundsOf(snapshot),
  };
  // A run that was never at work has never waited, and has no step at work.
  if (row.last_seq === 0) return record;
  const parked = await readParked(transaction, row.id);
  const parts = await readParts(transaction, row.id);
  return { ...record, ...(parked ? { parked } : {}), ...(parts.length > 0 ? { parts } : {}) };
}

/** A graph, and the reservation of the run when it has one. */
interface SnapshotRow {
  graph: string;
  terms: string | null;
  amount: number;
  spent_exact: number;
}

function fundsOf({ terms, amount, spent_exact }: SnapshotRow): RunFunds | null {
  return terms === null ? null : { terms: JSON.parse(terms), reserved: amount, spent: spent_exact };
}

/** Events of a run after a number, in order. */
export async function readEvents({ sql }: Transaction, runId: string, after: number): Promise<RunEvent[]> {
  const chunks = await sql<{ events: string }>`
    SELECT events FROM run_journal WHERE run_id = ${runId} AND to_seq > ${after} ORDER BY id`;
  return chunks.flatMap((chunk) => JSON.parse(chunk.events) as RunEvent[]).filter((event) => event.seq > after);
}

/** The steps of a run, of each what was written last. What was written before there were loops stands outside of them. */
export async function readSteps({ sql }: Transaction, runId: string): Promise<Step[]> {
  const journal = await sql<StepColumns>`
    SELECT steps, packed_steps FROM run_journal WHERE run_id = ${runId} ORDER BY id`;
  const written = journal.flatMap(parseSteps);
  return [...new Map(written.map((step) => [stepKey(step), { ...step, iteration: step.iteration ?? '' }])).values()];
}

/** What was written down of the calls of steps, in the order in which it was. */
async function readParts({ sql }: Transaction, runId: string): Promise<StepPart[]> {
  const journal = await sql<{ parts: string }>`
    SELECT parts FROM run_journal WHERE run_id = ${runId} AND parts IS NOT NULL ORDER BY id`;
  return journal.flatMap((entry) => JSON.parse(entry.parts) as StepPart[]);
}

function parsed<Value>(json: string | null): Value | null {
  return json === null ? null : JSON.parse(json);
}
