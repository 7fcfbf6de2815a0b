import { isUnnamedByAssets } from '../assets/asset-rows.ts';
import type { Database, Transaction } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import { isKeyViolation } from '../database/violations.ts';
import { fileIdsIn } from '../runs/named-files.ts';

/** Graphs or results that are read together. */
const AT_ONCE = 200;
/** Files that are judged together. */
const FILES_AT_ONCE = 1000;

/** The moments that decide, as ISO 8601. */
export interface UnusedBefore {
  /** Files that were made later may belong to what is just being stored. */
  madeBefore: string;
  /** Results of the step cache that were used later keep their files. */
  resultsUsedBefore: string;
  /** Runs that ended before this count as gone already; without it, only those that are gone do. */
  endedBefore?: string;
  /** Uploads from before this are judged like files that runs made; without it, uploads stay. */
  uploadedBefore?: string;
}

interface FileRow {
  id: string;
  ref: string;
}

/**
 * Files that runs made, or that assets let go of, and nobody needs any more: no run names them, no asset, no workflow, and nothing that
 * waits. Other uploads are among them only when somebody says so.
 */
export class UnusedFiles {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What would be removed of all workspaces: files, and their bytes as far as no other workspace has the same. */
  async count(before: UnusedBefore): Promise<{ files: number; bytes: number }> {
    const sum = { files: 0, bytes: 0 };
    for await (const { files } of this.#unused(before))
      for (const { ref } of files) {
        sum.files += 1;
        sum.bytes += (JSON.parse(ref) as { bytes: number }).bytes;
      }
    return sum;
  }

  /**
   * Has workspaces own them no longer, and forgets results that would bring them back; their bytes are left to whoever looks for bytes
   * that nobody owns. @returns how many there were.
   */
  async disown(before: UnusedBefore): Promise<number> {
    let removed = 0;
    const startedAt = new Date().toISOString();
    for await (const { workspaceId, files } of this.#unused(before)) {
      const disown = () => this.#database.write((t) => disownAmong(t, workspaceId, files, { ...before, startedAt }));
      // A run has begun to name one of them: the others can wait until the next time.
      removed += await disown().catch((error) => (isKeyViolation(error, 'file') ? 0 : Promise.reject(error)));
    }
    return removed;
  }

  /** Pages of files that are unused, workspace by workspace. */
  async *#unused(before: UnusedBefore): AsyncGenerator<{ workspaceId: string; files: FileRow[] }> {
    const workspaces = await this.#database.read(({ sql }) => sql<{ id: string }>`SELECT id FROM workspace`);
    for (const { id: workspaceId } of workspaces) {
      // Read only where there is a file to judge, and then once: graphs are large.
      let named: Set<string> | undefined;
      let last = '';
      for (;;) {
        const page = await this.#database.read(
          ({ sql }) => sql<FileRow>`
            SELECT id, ref FROM file WHERE workspace_id = ${workspaceId} AND id > ${last} AND ${isUnnamedByRuns(before)}
            ORDER BY id LIMIT ${FILES_AT_ONCE}`,
        );
        if (page.length === 0) break;
        named ??= await this.#namedOutsideRuns(workspaceId, before);
        const files = page.filter(({ id }) => !named?.has(id));
        if (files.length > 0) yield { workspaceId, files };
        last = page.at(-1)?.id ?? '';
      }
    }
  }

  /** The files that graphs, covers, answers and results in use name. */
  async #namedOutsideRuns(workspaceId: string, { resultsUsedBefore }: UnusedBefore): Promise<Set<string>> {
    const named = new Set<string>();
    const read = async (page: (after: string) => Fragment) => {
      for (let after: string | undefined = ''; after !== undefined; ) {
        const from: string = after;
        const rows = await this.#database.read(
          ({ sql }) => sql<{ key: string; text: string }>`${page(from)} LIMIT ${AT_ONCE}`,
        );
        for (const { text } of rows) for (const id of fileIdsIn(text)) named.add(id);
        after = rows.length < AT_ONCE ? undefined : rows.at(-1)?.key;
      }
    };
    await read(
      (after) => fragment`
        SELECT CAST(id AS text) AS key, CAST(draft AS text) || COALESCE(CAST(cover AS text), '') AS text FROM workflow
        WHERE workspace_id = ${workspaceId} AND deleted_at IS NULL AND CAST(id AS text) > ${after} ORDER BY 1`,
    );
    await read(
      (after) => fragment`
        SELECT hash AS key, CAST(graph AS text) AS text FROM graph_snapshot
        WHERE workspace_id = ${workspaceId} AND hash > ${after} ORDER BY 1`,
    );
    await read(
      (after) => fragment`
        SELECT CAST(id AS text) AS key, CAST(answer AS text) || COALESCE(CAST(came_before AS text), '') AS text FROM run_wait
        WHERE workspace_id = ${workspaceId} AND answer IS NOT NULL AND CAST(id AS text) > ${after} ORDER BY 1`,
    );
    await read(
      (after) => fragment`
        SELECT key, CAST(outputs AS text) AS text FROM step_cache
        WHERE workspace_id = ${workspaceId} AND used_at >= ${resultsUsedBefore} AND key > ${after} ORDER BY 1`,
    );
    return named;
  }
}

/** Holds for files that a run made, or an asset let go of, some time ago, and that no run and no asset names. */
function isUnnamedByRuns({
  madeBefore,
  endedBefore,
  uploadedBefore,
}: Omit<UnusedBefore, 'resultsUsedBefore'>): Fragment {
  const uploads = uploadedBefore ? fragment`OR created_at < ${uploadedBefore}` : fragment``;
  const stays = endedBefore
    ? fragment`AND EXISTS (SELECT 1 FROM run r WHERE r.id = u.run_id AND (r.finished_at IS NULL OR r.finished_at >= ${endedBefore}))`
    : fragment``;
  return fragment`(made_by_run = 1 ${uploads}) AND created_at < ${madeBefore} AND NOT EXISTS (
    SELECT 1 FROM file_use u WHERE u.workspace_id = file.workspace_id AND u.file_id = file.id ${stays}) AND ${isUnnamedByAssets}`;
}

/** Of files that were found unused, disowns those that still are. */
async function disownAmong(
  { sql }: Transaction,
  workspaceId: string,
  files: readonly FileRow[],
  { startedAt, resultsUsedBefore, ...before }: UnusedBefore & { startedAt: string },
): Promise<number> {
  const unused = new Set(files.map(({ id }) => id));
  const saved = await sql<{ text: string }>`
    SELECT CAST(draft AS text) || COALESCE(CAST(cover AS text), '') AS text FROM workflow
    WHERE workspace_id = ${workspaceId} AND updated_at >= ${startedAt}`;
  const kept = await sql<{ text: string }>`
    SELECT CAST(graph AS text) AS text FROM graph_snapshot WHERE workspace_id = ${workspaceId} AND created_at >= ${startedAt}`;
  for (const { text } of [...saved, ...kept]) for (const id of fileIdsIn(text)) unused.delete(id);
  const results = await sql<{ key: string; outputs: string; old: number | boolean }>`
    SELECT key, CAST(outputs AS text) AS outputs, used_at < ${resultsUsedBefore} AS old FROM step_cache
    WHERE workspace_id = ${workspaceId} AND CAST(outputs AS text) LIKE '%"mime"%'`;
  const forgotten: string[] = [];
  for (const { key, outputs, old } of results) {
    const named = [...fileIdsIn(outputs)].filter((id) => unused.has(id));
    if (named.length > 0 && old) forgotten.push(key);
    // It answered somebody a moment ago.
    if (!old) for (const id of named) unused.delete(id);
  }
  if (unused.size === 0) return 0;
  for (let from = 0; from < forgotten.length; from += AT_ONCE)
    await sql`
      DELETE FROM step_cache WHERE workspace_id = ${workspaceId} AND key IN (${forgotten.slice(from, from + AT_ONCE)})`;
  const rows = await sql`
    DELETE FROM file WHERE workspace_id = ${workspaceId} AND id IN (${[...unused]}) AND ${isUnnamedByRuns(before)} RETURNING id`;
  return rows.length;
}
