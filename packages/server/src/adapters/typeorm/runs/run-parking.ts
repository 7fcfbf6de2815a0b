import type { ParkedRun, RunWait } from '@imaginarium/engine';
import type { Transaction } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import type { ParkMemo } from '../tables/wait-tables.ts';

/** A row of `run_wait` as SQL gives it. */
export interface WaitRow {
  id: string;
  run_id: string;
  workspace_id: string;
  node: string;
  iteration: string;
  call: number;
  about: string;
  since: string;
  due_at: string | null;
  answer: string | null;
  came_before: string | null;
}

/** Waits of one INSERT: far below the number of parameters that either database takes. */
const WAITS_PER_INSERT = 500;

export function waitOf(row: WaitRow): RunWait {
  return {
    ...{ id: row.id, call: row.call, about: JSON.parse(row.about), since: row.since, dueAt: row.due_at },
    answer: row.answer === null ? null : JSON.parse(row.answer),
    before: row.came_before === null ? null : JSON.parse(row.came_before),
  };
}

/** Stores what a run waits for from now on. Answers that came to the same waits meanwhile stay. */
export async function storeParked(
  { sql }: Transaction,
  run: { id: string; workspaceId: string },
  { resting, workedMs, steps }: ParkedRun,
): Promise<void> {
  const memo: ParkMemo = {
    ...{ resting, workedMs },
    steps: steps.map(({ node, iteration, attempts, done }) => ({ node, iteration, attempts, done })),
  };
  await sql`
    INSERT INTO run_park (run_id, memo) VALUES (${run.id}, ${JSON.stringify(memo)})
    ON CONFLICT (run_id) DO UPDATE SET memo = excluded.memo`;
  const waits = steps.flatMap(({ node, iteration, waits }) => waits.map((wait) => ({ node, iteration, wait })));
  const kept = new Set(waits.map(({ wait }) => wait.id));
  const stored = await sql<{ id: string }>`SELECT id FROM run_wait WHERE run_id = ${run.id}`;
  const gone = stored.map(({ id }) => id).filter((id) => !kept.has(id));
  if (gone.length > 0) await sql`DELETE FROM run_wait WHERE run_id = ${run.id} AND id IN (${gone})`;
  const known = new Set(stored.map(({ id }) => id));
  const rows = waits
    .filter(({ wait }) => !known.has(wait.id))
    .map(({ node, iteration, wait }) => {
      const { id, call, about, since, dueAt, answer, before } = wait;
      const child = about.kind === 'run' ? about.runId : null;
      return fragment`(
        ${id}, ${run.id}, ${run.workspaceId}, ${node}, ${iteration}, ${call}, ${about.kind}, ${JSON.stringify(about)},
        ${child}, ${since}, ${dueAt}, ${answer && JSON.stringify(answer)}, ${before && JSON.stringify(before)})`;
    });
  for (let from = 0; from < rows.length; from += WAITS_PER_INSERT)
    await sql`
      INSERT INTO run_wait (
        id, run_id, workspace_id, node, iteration, call, kind, about, child_run_id, since, due_at, answer, came_before
      ) VALUES ${rows.slice(from, from + WAITS_PER_INSERT)}`;
}

/** Reads what a run waits or waited for. Undefined when it never did. */
export async function readParked({ sql }: Transaction, runId: string): Promise<ParkedRun | undefined> {
  const [row] = await sql<{ memo: string }>`SELECT memo FROM run_park WHERE run_id = ${runId}`;
  if (!row) return undefined;
  const rows = await sql<WaitRow>`SELECT * FROM run_wait WHERE run_id = ${runId} ORDER BY call`;
  const { steps, ...memo }: ParkMemo = JSON.parse(row.memo);
  const waitsOf = (node: string, iteration: string) =>
    rows.filter((wait) => wait.node === node && wait.iteration === iteration).map(waitOf);
  return { ...memo, steps: steps.map((step) => ({ ...step, waits: waitsOf(step.node, step.iteration) })) };
}

/** A run that has ended waits for nothing. */
export async function forgetParked({ sql }: Transaction, runId: string): Promise<void> {
  await sql`DELETE FROM run_wait WHERE run_id = ${runId}`;
  await sql`DELETE FROM run_park WHERE run_id = ${runId}`;
}

/** Puts a run that rests back into the queue. */
export async function queueAgain(
  { sql }: Transaction,
  run: { id: string; workspaceId: string; priority: number },
): Promise<void> {
  await sql`UPDATE run SET state = 'queued' WHERE id = ${run.id}`;
  await sql`
    INSERT INTO run_outbox (run_id, workspace_id, priority) VALUES (${run.id}, ${run.workspaceId}, ${run.priority})`;
}
