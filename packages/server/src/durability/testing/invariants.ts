import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef, RunEvent } from '@imaginarium/protocol';
import type { Database } from '../../adapters/typeorm/database.ts';

/** A run as the database has it. */
export interface StoredRun {
  id: string;
  state: string;
  error: string | null;
  last_seq: number;
  /** Counts the workers that had it. */
  lease_token: number;
}

/** A finished step as the database has it. */
export interface StoredStep {
  run_id: string;
  node: string;
  state: string;
  finished_at: string | null;
  outputs: string;
}

export function storedRuns(database: Database): Promise<StoredRun[]> {
  return database.read(
    ({ sql }) => sql<StoredRun>`SELECT id, state, error, last_seq, lease_token FROM run ORDER BY id`,
  );
}

export function finishedSteps(database: Database): Promise<StoredStep[]> {
  return database.read(
    ({ sql }) => sql<StoredStep>`
      SELECT run_id, node, state, finished_at, outputs FROM step
      WHERE state NOT IN ('pending', 'running', 'waiting') ORDER BY run_id, node`,
  );
}

/**
 * What must hold of runs and files at rest, whatever was killed before.
 * @param effects the lines that nodes left, each an idempotency key.
 * @returns what does not hold, in sentences; empty when all does.
 */
export async function brokenInvariants(database: Database, dataDir: string, effects: string[]): Promise<string[]> {
  const runs = await storedRuns(database);
  const problems = await Promise.all([
    ...runs.map((run) => brokenEvents(database, run)),
    ...(await finishedSteps(database)).map((step) => brokenFiles(database, dataDir, step)),
  ]);
  const open = await database.read(
    ({ sql }) => sql<{ what: string }>`
      SELECT 'the run ' || id || ' has not ended' AS what FROM run WHERE state NOT IN ('succeeded', 'failed', 'cancelled')
      UNION ALL
      SELECT 'the run ' || run_id || ' waits in the outbox' FROM run_outbox
      UNION ALL
      SELECT 'the step ' || node || ' of an ended run is ' || state FROM step WHERE state IN ('pending', 'running', 'waiting')
      UNION ALL
      SELECT 'a succeeded run has a step that is ' || s.state FROM step s JOIN run r ON r.id = s.run_id
      WHERE r.state = 'succeeded' AND s.state <> 'succeeded'`,
  );
  const repeated = effects.filter((key, index) => key.includes(':once:') && effects.indexOf(key) !== index);
  return [
    ...problems.flat(),
    ...open.map(({ what }) => what),
    ...repeated.map((key) => `the effect of ${key} happened again`),
  ];
}

/** Events count 1, 2, 3 ... to the number that the run knows as its last, and the end is the last of them. */
async function brokenEvents(database: Database, run: StoredRun): Promise<string[]> {
  const chunks = await database.read(
    ({ sql }) => sql<{ events: string }>`SELECT events FROM run_event_chunk WHERE run_id = ${run.id} ORDER BY from_seq`,
  );
  const events = chunks.flatMap((chunk): RunEvent[] => JSON.parse(chunk.events));
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
  const outputs: Record<string, { file: FileRef }[]> = JSON.parse(step.outputs);
  const files = Object.values(outputs).flatMap((items) => items.map(({ file }) => file));
  const problems = files.map(async ({ id, bytes }) => {
    const owners = await database.read(({ sql }) => sql`SELECT id FROM file WHERE id = ${id}`);
    const content = await readFile(join(dataDir, 'files', id.slice(0, 2), id.slice(2))).catch(() => undefined);
    const isWhole = content?.length === bytes && createHash('sha256').update(content).digest('hex') === id;
    return [
      ...(owners.length === 1 ? [] : [`the file ${id} of ${step.node} has no owner`]),
      ...(isWhole ? [] : [`the file ${id} of ${step.node} is not what was recorded`]),
    ];
  });
  return [
    ...(files.length === 2 ? [] : [`${step.node} gave ${files.length} files`]),
    ...(await Promise.all(problems)).flat(),
  ];
}
