import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTerminal, type Step, stepKey } from '@imaginarium/protocol';
import { brokenBooks } from '../../adapters/typeorm/books/check-ledger.ts';
import { SqlUsageDays } from '../../adapters/typeorm/books/usage-days.ts';
import type { Database } from '../../adapters/typeorm/database/database.ts';
import { type EventColumns, readRowEvents } from '../../adapters/typeorm/runs/journal-events.ts';
import { parseSteps, type StepColumns } from '../../adapters/typeorm/runs/packed-steps.ts';

/** A run as the database has it. */
export interface StoredRun {
  id: string;
  state: string;
  error: string | null;
  last_seq: number;
  /** Counts the workers that had it. */
  lease_token: number;
}

/** A step as the database has it, and how often it was written down as finished. */
export interface StoredStep extends Step {
  runId: string;
  endings: number;
}

export function storedRuns(database: Database): Promise<StoredRun[]> {
  return database.read(
    ({ sql }) => sql<StoredRun>`SELECT id, state, error, last_seq, lease_token FROM run ORDER BY id`,
  );
}

/** Every step that was written down, as it was written last. */
export async function storedSteps(database: Database): Promise<StoredStep[]> {
  const journal = await database.read(
    ({ sql }) =>
      sql<StepColumns & { run_id: string }>`SELECT run_id, steps, packed_steps FROM run_journal ORDER BY run_id, id`,
  );
  const latest = new Map<string, StoredStep>();
  for (const { run_id: runId, ...columns } of journal) {
    for (const step of parseSteps(columns)) {
      const key = `${runId}:${stepKey(step)}`;
      const endings = (latest.get(key)?.endings ?? 0) + (isTerminal(step.state) ? 1 : 0);
      latest.set(key, { ...step, runId, endings });
    }
  }
  return [...latest.values()];
}

export async function finishedSteps(database: Database): Promise<StoredStep[]> {
  return (await storedSteps(database)).filter((step) => isTerminal(step.state));
}

/**
 * What must hold of runs, files and credits at rest, whatever was killed before.
 * @param effects the lines that nodes left, each an idempotency key.
 * @returns what does not hold, in sentences; empty when all does.
 */
export async function brokenInvariants(database: Database, dataDir: string, effects: string[]): Promise<string[]> {
  const runs = await storedRuns(database);
  const steps = await storedSteps(database);
  const problems = await Promise.all([
    ...runs.map((run) => brokenEvents(database, run)),
    ...steps.map((step) => brokenFiles(database, dataDir, step)),
  ]);
  const open = await database.read(
    ({ sql }) => sql<{ what: string }>`
      SELECT 'the run ' || id || ' has not ended' AS what FROM run WHERE state NOT IN ('succeeded', 'failed', 'cancelled')
      UNION ALL
      SELECT 'the run ' || run_id || ' waits in the outbox' FROM run_outbox
      UNION ALL
      SELECT 'nobody was told that the run ' || r.id || ' ' || r.state FROM run r
      JOIN membership m ON m.workspace_id = r.workspace_id AND CAST(m.user_id AS text) = r.created_by
      WHERE r.state IN ('failed', 'cancelled') AND r.parent IS NULL
        AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.workspace_id = r.workspace_id AND n.subject = 'run:' || r.id)`,
  );
  const stateOf = new Map(runs.map(({ id, state }) => [id, state]));
  const repeated = effects.filter((key, index) => key.includes(':once:') && effects.indexOf(key) !== index);
  return [
    ...problems.flat(),
    ...(await brokenBooks(database)),
    ...(await new SqlUsageDays(database).differences()),
    ...(await unpaidRuns(database)),
    ...open.map(({ what }) => what),
    ...steps.flatMap((step) => brokenStep(step, stateOf.get(step.runId))),
    ...repeated.map((key) => `the effect of ${key} happened again`),
  ];
}

/** Every run here has a price, so that every one has a reservation; what it spent is what its steps say that they cost. */
async function unpaidRuns(database: Database): Promise<string[]> {
  const reservations = await database.read(
    ({ sql }) => sql<{ id: string; spent: number | null }>`
      SELECT r.id, v.spent FROM run r LEFT JOIN credit_reservation v ON v.run_id = r.id`,
  );
  const steps = await storedSteps(database);
  return reservations.flatMap(({ id, spent }) => {
    const cost = steps.reduce((sum, step) => sum + (step.runId === id ? step.credits : 0), 0);
    return spent === cost ? [] : [`the run ${id} spent ${spent}, its steps cost ${cost}`];
  });
}

/** A step has ended when its run has, once, and well when its run has succeeded. */
function brokenStep({ node, state, endings }: StoredStep, runState: string | undefined): string[] {
  if (!isTerminal(state)) return [`the step ${node} of an ended run is ${state}`];
  return [
    ...(runState === 'succeeded' && state !== 'succeeded' ? [`a succeeded run has a step that is ${state}`] : []),
    ...(endings === 1 ? [] : [`the step ${node} ended ${endings} times`]),
  ];
}

/** Events count 1, 2, 3 ... to the number that the run knows as its last, and the end is the last of them. */
async function brokenEvents(database: Database, run: StoredRun): Promise<string[]> {
  const chunks = await database.read(
    ({ sql }) =>
      sql<EventColumns>`SELECT from_seq, events FROM run_journal WHERE run_id = ${run.id} AND to_seq > 0 ORDER BY id`,
  );
  const events = chunks.flatMap((chunk) => readRowEvents(run.id, chunk));
  const numbers = events.map(({ seq }) => seq);
  const expected = Array.from({ length: run.last_seq }, (_, index) => index + 1);
  const ends = events.filter(({ type }) => type === 'run.finished').length;
  return [
    ...(numbers.join() === expected.join() ? [] : [`the events of ${run.id} count ${numbers.join()}`]),
    ...(ends === 1 && events.at(-1)?.type === 'run.finished' ? [] : [`the run ${run.id} ended ${ends} times`]),
  ];
}

/** What a succeeded step gave is there: a row that owns it, and bytes with the size and the hash on record. */
async function brokenFiles(database: Database, dataDir: string, step: StoredStep): Promise<string[]> {
  if (step.state !== 'succeeded') return [];
  const items = Object.values(step.outputs).flat();
  const files = items.flatMap(({ file }) => file ?? []);
  const problems = files.map(async ({ id, bytes }) => {
    const owners = await database.read(({ sql }) => sql`SELECT id FROM file WHERE id = ${id}`);
    const content = await readFile(join(dataDir, 'files', id.slice(0, 2), id.slice(2))).catch(() => undefined);
    const isWhole = content?.length === bytes && createHash('sha256').update(content).digest('hex') === id;
    return [
      ...(owners.length === 1 ? [] : [`the file ${id} of ${step.node} has no owner`]),
      ...(isWhole ? [] : [`the file ${id} of ${step.node} is not what was recorded`]),
    ];
  });
  // All hand on the two files of the source; an iteration of a loop has one of them.
  const expected = step.iteration === '' ? 2 : 1;
  return [
    ...(files.length === expected ? [] : [`${step.node} gave ${files.length} files`]),
    ...(await Promise.all(problems)).flat(),
  ];
}
