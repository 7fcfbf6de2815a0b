import { createHash } from 'node:crypto';
import type { Checkpoint, NewRun } from '@imaginarium/engine';
import { type Graph, stableStringify } from '@imaginarium/protocol';
import type { Transaction } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import type { Beginning, RunEnd } from './begun-run.ts';
import { noteFileUses } from './file-uses.ts';
import { writeEvents } from './journal-events.ts';
import { fileIdsIn } from './named-files.ts';
import { packSteps } from './packed-steps.ts';
import { isPaused } from './queued-runs.ts';

/** Graphs that are held on to and were seen in the database, by the workspace they were kept in last. */
const seen = new WeakMap<Graph, string>();

/**
 * Keeps a graph once in its workspace.
 * @param believes whether a graph that was seen before is taken to be there; where it is gone, the insert of the run fails on its key.
 * @returns its hash.
 */
export async function keepGraph(
  { sql }: Transaction,
  { workspaceId, graph }: Pick<NewRun, 'workspaceId' | 'graph'>,
  now: string,
  believes = false,
): Promise<string> {
  const hash = hashOf(graph);
  if (believes && seen.get(graph) === workspaceId) return hash;
  // Asked first: a graph that has run before is there, and its text need not be made again.
  const kept = await sql`SELECT hash FROM graph_snapshot WHERE workspace_id = ${workspaceId} AND hash = ${hash}`;
  if (kept.length === 0)
    await sql`
      INSERT INTO graph_snapshot (workspace_id, hash, graph, created_at)
      VALUES (${workspaceId}, ${hash}, ${JSON.stringify(graph)}, ${now}) ON CONFLICT DO NOTHING`;
  seen.set(graph, workspaceId);
  return hash;
}

/** The hash of a graph that was seen in the database before, in this workspace. */
export function seenGraph({ workspaceId, graph }: Pick<NewRun, 'workspaceId' | 'graph'>): string | undefined {
  return seen.get(graph) === workspaceId ? hashOf(graph) : undefined;
}

/** Hashes of graphs that are held on to, as those of versions are. */
const hashes = new WeakMap<Graph, string>();

function hashOf(graph: Graph): string {
  const known = hashes.get(graph);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(stableStringify(graph)).digest('hex');
  hashes.set(graph, hash);
  return hash;
}

/** The worker that a run is stored for, and until when it has it. */
export interface FirstLease {
  worker: string;
  until: Fragment;
}

/** How a run is inserted. */
interface Insertion {
  /** The worker that it is meant for. */
  lease?: FirstLease | undefined;
  /** Where it has begun already. */
  beginning?: Beginning | undefined;
  /** As {@link keepGraph} has it. */
  believes: boolean;
}

/** A run that was inserted. */
export interface InsertedRun {
  /** Whether the worker has it that it is meant for. */
  isHeld: boolean;
  /** What it had come to already; stored with it, but for its progress. */
  end: RunEnd | undefined;
}

/**
 * Inserts a run: for a worker that begins at once, or with the row that it waits by. One that may not begin yet waits all the same.
 * @returns undefined when a run with the same idempotency key is there already.
 */
export async function insertRun(
  transaction: Transaction,
  run: NewRun,
  now: string,
  { lease: wanted, beginning, believes }: Insertion,
): Promise<InsertedRun | undefined> {
  const { sql } = transaction;
  const inputs = JSON.stringify(run.inputs);
  const graphHash = await keepGraph(transaction, run, now, believes);
  const isPutOff = run.notBefore !== undefined && run.notBefore > now;
  const lease = wanted && !isPutOff && !(await isPaused(transaction, run.workspaceId)) ? wanted : undefined;
  const end = lease && beginning?.end();
  const held = lease && { worker: lease.worker, until: end ? null : lease.until };
  const { columns, values } = newRow(run, now, { graphHash, inputs, held, end });
  const rows = await sql`INSERT INTO run (${columns}) VALUES (${values}) ${unlessRepeated} RETURNING id`;
  if (rows.length === 0) return undefined;
  await noteFileUses(transaction, run.id, fileIdsIn(inputs));
  await storeProgress(transaction, run.id, { steps: run.settled ?? [], events: [] });
  if (isPutOff)
    await sql`
      INSERT INTO run_delayed (run_id, workspace_id, priority, due_at)
      VALUES (${run.id}, ${run.workspaceId}, ${run.priority}, ${run.notBefore ?? null})`;
  else if (!lease)
    await sql`
      INSERT INTO run_outbox (run_id, workspace_id, priority) VALUES (${run.id}, ${run.workspaceId}, ${run.priority})`;
  return { isHeld: lease !== undefined, end };
}

/** Nothing is inserted where a run with the same idempotency key is there already. */
export const unlessRepeated = fragment`
  ON CONFLICT (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING`;

/** What is known of a run that is inserted, beside what was asked for. */
interface RowParts {
  graphHash: string;
  /** As JSON. */
  inputs: string;
  /** The worker that has it, and until when; a run that has ended is held no longer. */
  held: { worker: string; until: Fragment | null } | undefined;
  end: RunEnd | undefined;
}

/** The columns of a run that is inserted, and what stands in them. */
export function newRow(
  run: NewRun,
  now: string,
  { graphHash, inputs, held, end }: RowParts,
): { columns: Fragment; values: Fragment } {
  const ending = end ? endOf(end) : { columns: fragment``, values: fragment`` };
  return {
    columns: fragment`
      id, workspace_id, workflow_id, workflow_name, version, graph_hash, state, "trigger", priority, inputs,
      created_at, created_by, not_before, started_at, credits_quoted, credits_spent, last_seq,
      lease_token, lease_worker, lease_until, idempotency_key, request_hash, parent ${ending.columns}`,
    values: fragment`
      ${run.id}, ${run.workspaceId}, ${run.workflowId}, ${run.workflowName}, ${run.version}, ${graphHash},
      ${end?.outcome.state ?? (held ? 'running' : 'queued')}, ${run.trigger}, ${run.priority}, ${inputs},
      ${now}, ${run.createdBy}, ${run.notBefore ?? null}, ${held ? now : null}, ${run.creditsQuoted},
      ${end?.outcome.creditsSpent ?? 0}, ${end?.checkpoint.events.at(-1)?.seq ?? 0},
      ${held ? 1 : 0}, ${held?.worker ?? null}, ${held?.until ?? null},
      ${run.idempotency?.key ?? null}, ${run.idempotency?.requestHash ?? null},
      ${run.parent ? JSON.stringify(run.parent) : null} ${ending.values}`,
  };
}

/** The columns that say how a run ended, beside those that every run has. */
function endOf({ outcome: { error, cover }, at }: RunEnd): { columns: Fragment; values: Fragment } {
  return {
    columns: fragment`, finished_at, error, error_code, cover`,
    values: fragment`, ${at}, ${error && JSON.stringify(error)}, ${error?.code ?? null}, ${cover && JSON.stringify(cover)}`,
  };
}

/** Stores what a checkpoint holds, in one row. The caller has checked the lease in the same transaction. */
export async function storeProgress(transaction: Transaction, runId: string, progress: Checkpoint): Promise<void> {
  const { steps, events, parts } = progress;
  if (steps.length === 0 && events.length === 0 && !parts) return;
  const { insert, fileIds } = journalRow(runId, progress);
  await transaction.sql`${insert}`;
  await noteFileUses(transaction, runId, fileIds);
}

/** The statement that writes a row of the journal, and the ids of files that are named in it. */
export function journalRow(
  runId: string,
  { steps, events, parts }: Checkpoint,
): { insert: Fragment; fileIds: Set<string> } {
  const written = packSteps(steps);
  const partsText = parts ? JSON.stringify(parts) : null;
  const insert = fragment`
    INSERT INTO run_journal (run_id, from_seq, to_seq, steps, packed_steps, events, parts)
    VALUES (
      ${runId}, ${events[0]?.seq ?? 0}, ${events.at(-1)?.seq ?? 0}, ${written.steps}, ${written.packed_steps},
      ${writeEvents(runId, events)}, ${partsText}
    )`;
  const { fileIds } = written;
  if (partsText !== null) for (const id of fileIdsIn(partsText)) fileIds.add(id);
  return { insert, fileIds };
}
