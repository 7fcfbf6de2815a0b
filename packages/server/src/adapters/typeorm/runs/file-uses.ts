import type { FileRef } from '@imaginarium/protocol';
import type { Database, Transaction } from '../database/database.ts';
import { fileIdsIn } from './named-files.ts';
import { parseSteps, type StepColumns } from './packed-steps.ts';

/** Ids of one statement. */
const AT_ONCE = 500;

/** Notes that a run names files, as far as its workspace owns them. @param fileIds as {@link fileIdsIn} finds them in its stored JSON. */
export async function noteFileUses({ sql }: Transaction, runId: string, fileIds: ReadonlySet<string>): Promise<void> {
  const ids = [...fileIds];
  for (let from = 0; from < ids.length; from += AT_ONCE)
    await sql`
      INSERT INTO file_use (workspace_id, file_id, run_id)
      SELECT f.workspace_id, f.id, r.id FROM run r JOIN file f ON f.workspace_id = r.workspace_id
      WHERE r.id = ${runId} AND f.id IN (${ids.slice(from, from + AT_ONCE)}) ON CONFLICT DO NOTHING`;
}

/** Remembers a file that a run made, and that the run names it: from now on, not only once its step is stored. */
export async function addMadeFile(
  { sql }: Transaction,
  { workspaceId, runId, file, now }: { workspaceId: string; runId: string; file: FileRef; now: string },
): Promise<void> {
  // Changed to what it is, so that nobody removes it before this is stored.
  await sql`
    INSERT INTO file (workspace_id, id, ref, created_at, made_by_run)
    VALUES (${workspaceId}, ${file.id}, ${JSON.stringify(file)}, ${now}, 1)
    ON CONFLICT (workspace_id, id) DO UPDATE SET made_by_run = file.made_by_run`;
  await sql`
    INSERT INTO file_use (workspace_id, file_id, run_id) VALUES (${workspaceId}, ${file.id}, ${runId}) ON CONFLICT DO NOTHING`;
}

/** Runs that are read together. */
const RUNS_AT_ONCE = 100;

/**
 * Notes which files all runs name that are there, for those from before it was written down with them. What is noted already stays: it may
 * be repeated, and a server may be at work meanwhile.
 */
export async function noteEarlierUses(database: Database): Promise<void> {
  for (let last = '00000000-0000-0000-0000-000000000000'; ; ) {
    const from = last;
    const runs = await database.read(
      ({ sql }) => sql<{ id: string; inputs: string }>`
        SELECT id, CAST(inputs AS text) AS inputs FROM run WHERE id > ${from} ORDER BY id LIMIT ${RUNS_AT_ONCE}`,
    );
    for (const { id, inputs } of runs) {
      const rows = await database.read(
        ({ sql }) => sql<StepColumns & { parts: string | null }>`
          SELECT steps, packed_steps, parts FROM run_journal WHERE run_id = ${id}`,
      );
      const written = rows.map((row) => JSON.stringify(parseSteps(row)) + (row.parts ?? ''));
      const names = [inputs, ...written].join('');
      const named = fileIdsIn(names);
      if (named.size > 0) await database.write((transaction) => noteFileUses(transaction, id, named));
    }
    const end = runs.at(-1)?.id;
    if (end === undefined || runs.length < RUNS_AT_ONCE) return;
    last = end;
  }
}
