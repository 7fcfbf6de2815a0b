import { isTerminal, type RunState } from '@imaginarium/protocol';
import type { Leftovers } from '../../../housekeeping/housekeeping.ts';
import type { Database } from '../database/database.ts';
import { asUuid } from '../database/identifiers.ts';
import { fragment } from '../database/sql.ts';
import { isKeyViolation } from '../database/violations.ts';
import { type UnusedBefore, UnusedFiles } from './unused-files.ts';

/** Ids of one question, and runs of one transaction: far below the number of parameters that either database takes. */
const AT_ONCE = 200;

interface EndedRow {
  id: string;
  created_at: string;
  finished_at: string | null;
  state: RunState;
}

/** Holds for runs whose results have come to the assets that they are for. */
const isTaken = fragment`NOT EXISTS (SELECT 1 FROM asset_version v WHERE v.run_id = run.id AND v.ended_at IS NULL)`;

/** What nobody needs any more, in the database. */
export class SqlLeftovers implements Leftovers {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async unowned(ids: readonly string[]): Promise<string[]> {
    const owned = new Set<string>();
    await this.#database.read(async ({ sql }) => {
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const rows = await sql<{ id: string }>`SELECT id FROM file WHERE id IN (${ids.slice(from, from + AT_ONCE)})`;
        for (const row of rows) owned.add(row.id);
      }
    });
    return ids.filter((id) => !owned.has(id));
  }

  async unended(runIds: readonly string[]): Promise<string[]> {
    // PostgreSQL takes nothing but ids for ids.
    const ids = runIds.map(asUuid).filter((id) => id !== undefined);
    const unended: string[] = [];
    await this.#database.read(async ({ sql }) => {
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        const rows = await sql<Pick<EndedRow, 'id' | 'state'>>`
          SELECT id, state FROM run WHERE id IN (${ids.slice(from, from + AT_ONCE)})`;
        for (const { id, state } of rows) if (!isTerminal(state)) unended.push(id);
      }
    });
    return unended;
  }

  async removeRuns(endedBefore: string): Promise<number> {
    const workspaces = await this.#database.read(({ sql }) => sql<{ id: string }>`SELECT id FROM workspace`);
    let removed = 0;
    for (const { id } of workspaces) removed += await this.#removeRunsOf(id, endedBefore);
    return removed;
  }

  /** How many runs {@link removeRuns} would remove. */
  async countRuns(endedBefore: string): Promise<number> {
    const [row] = await this.#database.read(
      ({ sql }) =>
        sql<{
          runs: number | string;
        }>`SELECT COUNT(*) AS runs FROM run WHERE finished_at < ${endedBefore} AND ${isTaken}`,
    );
    return Number(row?.runs ?? 0);
  }

  async removeGraphs(keptBefore: string): Promise<number> {
    const remove = () =>
      this.#database.write(async ({ sql }) => {
        const rows = await sql`
          DELETE FROM graph_snapshot WHERE created_at < ${keptBefore}
            AND (workspace_id, hash) NOT IN (SELECT workspace_id, graph_hash FROM run)
            AND (workspace_id, hash) NOT IN (SELECT workspace_id, graph_hash FROM workflow_version)
          RETURNING hash`;
        return rows.length;
      });
    // One of them has just been taken into use: all of them can wait until the next time.
    return remove().catch((error) => (isKeyViolation(error, 'graph_snapshot') ? 0 : Promise.reject(error)));
  }

  removeResults(usedBefore: string): Promise<number> {
    return this.#database.write(async ({ sql }) => {
      const rows = await sql`DELETE FROM step_cache WHERE used_at < ${usedBefore} RETURNING key`;
      return rows.length;
    });
  }

  async disownFiles(before: UnusedBefore): Promise<number> {
    const disowned = await new UnusedFiles(this.#database).disown(before);
    // Where a file lies is known for those who own it.
    await this.#database.write(
      ({ sql }) => sql`
        DELETE FROM file_in_place WHERE registered_at < ${before.madeBefore}
          AND NOT EXISTS (SELECT 1 FROM file f WHERE f.id = file_in_place.file_id)`,
    );
    return disowned;
  }

  removeNotices(madeBefore: string): Promise<number> {
    return this.#database.write(async ({ sql }) => {
      const rows = await sql`DELETE FROM notice WHERE created_at < ${madeBefore} RETURNING id`;
      return rows.length;
    });
  }

  removeTestTriggers(expiredBefore: string): Promise<number> {
    return this.#database.write(async ({ sql }) => {
      const rows = await sql`DELETE FROM workflow_trigger WHERE expires_at < ${expiredBefore} RETURNING id`;
      return rows.length;
    });
  }

  /** Pages through the runs of a workspace by age, so that no look is a long one. */
  async #removeRunsOf(workspaceId: string, endedBefore: string): Promise<number> {
    let removed = 0;
    let last: EndedRow | undefined;
    for (;;) {
      const after = last ? fragment`AND (created_at, id) > (${last.created_at}, ${last.id})` : fragment``;
      const page = await this.#database.read(
        ({ sql }) => sql<EndedRow>`
          SELECT id, created_at, finished_at, state FROM run
          WHERE workspace_id = ${workspaceId} AND created_at < ${endedBefore} ${after}
          ORDER BY created_at, id LIMIT ${AT_ONCE}`,
      );
      const ended = page.filter(
        ({ state, finished_at }) => isTerminal(state) && finished_at !== null && finished_at < endedBefore,
      );
      if (ended.length > 0) {
        const ids = ended.map(({ id }) => id);
        const rows = await this.#database.write(
          ({ sql }) =>
            sql`DELETE FROM run WHERE id IN (${ids}) AND finished_at < ${endedBefore} AND ${isTaken} RETURNING id`,
        );
        removed += rows.length;
      }
      last = page.at(-1);
      if (page.length < AT_ONCE) return removed;
    }
  }
}
