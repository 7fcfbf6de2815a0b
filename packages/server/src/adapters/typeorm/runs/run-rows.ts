import type { RunFunds, RunNews, RunRecord, StepPart } from '@imaginarium/engine';
import { compareSteps, type Run, type RunEvent, type RunState, type Step } from '@imaginarium/protocol';
import type { Transaction } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import { type EventColumns, readRowEvents } from './journal-events.ts';
import { keptGraph } from './kept-graphs.ts';
import { latestOf, parseSteps, type StepColumns } from './packed-steps.ts';
import { readParked } from './run-parking.ts';

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

/** What is read of a run's journal. */
interface Journal {
  steps: Step[];
  parts: StepPart[];
}

/**
 * Reads a run with its graph and steps, the steps in the order of the graph.
 * @param which holds for one run.
 * @param journalOf reads its journal; left out, all of it, as whoever goes on with the run needs it.
 */
export async function readRecord(
  transaction: Transaction,
  which: Fragment,
  journalOf: (transaction: Transaction, runId: string) => Promise<Journal> = readJournal,
): Promise<RunRecord | undefined> {
  const [row] = await transaction.sql<RunRow & FundsRow & { has_journal: boolean | 0 | 1 }>`
    SELECT ${runColumns}, terms, amount, spent_exact, EXISTS (SELECT 1 FROM run_journal j WHERE j.run_id = run.id) AS has_journal
    FROM run LEFT JOIN (SELECT run_id, terms, amount, spent_exact FROM credit_reservation) v ON v.run_id = run.id
    WHERE ${which}`;
  if (!row) return undefined;
  const graph = await keptGraph(transaction, row.workspace_id, row.graph_hash);
  const { workspace_id: workspaceId, created_by: createdBy, takeovers } = row;
  const record = { run: runOf(row), workspaceId, createdBy, graph, steps: [], takeovers, funds: fundsOf(row) };
  // Most runs that are asked for have not begun.
  if (!row.has_journal) return record;
  const { steps, parts } = await journalOf(transaction, row.id);
  const inGraphOrder = steps.sort(compareSteps(graph.nodes.map((node) => node.id)));
  // A run that was never at work has never waited.
  const parked = row.last_seq === 0 ? undefined : await readParked(transaction, row.id);
  return {
    ...{ ...record, steps: inGraphOrder },
    ...(parked ? { parked } : {}),
    ...(parts.length > 0 ? { parts } : {}),
  };
}

/** The reservation of a run; nulls when it has none. */
interface FundsRow {
  terms: string | null;
  amount: number;
  spent_exact: number;
}

function fundsOf({ terms, amount, spent_exact }: FundsRow): RunFunds | null {
  return terms === null ? null : { terms: JSON.parse(terms), reserved: amount, spent: spent_exact };
}

/** Events of a run after a number, in order. */
export async function readEvents({ sql }: Transaction, runId: string, after: number): Promise<RunEvent[]> {
  const chunks = await sql<EventColumns>`
    SELECT from_seq, events FROM run_journal WHERE run_id = ${runId} AND to_seq > ${after} ORDER BY id`;
  return eventsIn(runId, chunks, after);
}

/** As {@link readEvents}, with the steps that were stored with the events. */
export async function readNews({ sql }: Transaction, runId: string, after: number): Promise<RunNews> {
  const chunks = await sql<StepColumns & EventColumns>`
    SELECT from_seq, events, steps, packed_steps FROM run_journal WHERE run_id = ${runId} AND to_seq > ${after} ORDER BY id`;
  return { events: eventsIn(runId, chunks, after), steps: latestOf(chunks.flatMap(parseSteps)) };
}

function eventsIn(runId: string, chunks: readonly EventColumns[], after: number): RunEvent[] {
  return chunks.flatMap((chunk) => readRowEvents(runId, chunk)).filter((event) => event.seq > after);
}

/** The steps of a run, of each what was written last. */
export async function readSteps(transaction: Transaction, runId: string): Promise<Step[]> {
  return (await readJournal(transaction, runId)).steps;
}

/** The steps of a run, of each what was written last, and what was written down of their calls, in the order in which it was. */
async function readJournal({ sql }: Transaction, runId: string): Promise<Journal> {
  const journal = await sql<StepColumns & { parts: string | null }>`
    SELECT steps, packed_steps, parts FROM run_journal WHERE run_id = ${runId} ORDER BY id`;
  return {
    steps: latestOf(journal.flatMap(parseSteps)),
    parts: journal.flatMap(({ parts }) => (parts === null ? [] : (JSON.parse(parts) as StepPart[]))),
  };
}

function parsed<Value>(json: string | null): Value | null {
  return json === null ? null : JSON.parse(json);
}
