import type { RunRecord } from '@imaginarium/engine';
import type { Run } from '@imaginarium/protocol';
import { validate } from 'uuid';
import type { RunList, RunLook } from '../../../runs/run-list.ts';
import { pageOf, readCursor } from '../database/cursor.ts';
import type { Database } from '../database/database.ts';
import { asUuid } from '../database/identifiers.ts';
import { fragment } from '../database/sql.ts';
import { type RunRow, readRecord, runColumns, runOf } from './run-rows.ts';
import { readSeenSteps, type SeenSteps } from './seen-steps.ts';
import { stepTimes } from './step-times.ts';

/** The runs of one workspace, read from the database. */
export class SqlRunList implements RunList {
  readonly #database: Database;
  readonly #workspaceId: string;

  constructor(database: Database, workspaceId: string) {
    this.#database = database;
    this.#workspaceId = workspaceId;
  }

  async list(query: Parameters<RunList['list']>[0]) {
    const { workflowId, state, errorCode, dismissed, createdAfter, createdBefore, limit, cursor } = query;
    const place = cursor === undefined ? undefined : readCursor(cursor, validate);
    const workflow = workflowId === undefined ? undefined : asUuid(workflowId);
    if (workflowId !== undefined && !workflow) return { runs: [], nextCursor: null };
    const rows = await this.#database.read(
      ({ sql }) => sql<RunRow>`
        SELECT ${runColumns} FROM run WHERE workspace_id = ${this.#workspaceId}
        ${workflow ? fragment`AND workflow_id = ${workflow}` : fragment``}
        ${state ? fragment`AND state = ${state}` : fragment``}
        ${errorCode ? fragment`AND error_code = ${errorCode}` : fragment``}
        ${dismissed ? fragment`AND state = 'failed'` : fragment``}
        ${dismissed === 'true' ? fragment`AND dismissed_at IS NOT NULL` : fragment``}
        ${dismissed === 'false' ? fragment`AND dismissed_at IS NULL` : fragment``}
        ${createdAfter ? fragment`AND created_at >= ${moment(createdAfter)}` : fragment``}
        ${createdBefore ? fragment`AND created_at < ${moment(createdBefore)}` : fragment``}
        ${place ? fragment`AND (created_at, id) < (${place.createdAt}, ${place.id})` : fragment``}
        ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`,
    );
    const { page, nextCursor } = pageOf(rows, limit, (row) => ({ createdAt: row.created_at, id: row.id }));
    return { runs: page.map((row): Run => runOf(row)), nextCursor };
  }

  async dismiss(ids: readonly string[]): Promise<number> {
    const known = ids.flatMap((id) => asUuid(id) ?? []);
    if (known.length === 0) return 0;
    const rows = await this.#database.write(
      ({ sql }) => sql`
        UPDATE run SET dismissed_at = ${new Date().toISOString()}
        WHERE id IN (${known}) AND workspace_id = ${this.#workspaceId} AND state = 'failed' AND dismissed_at IS NULL
        RETURNING id`,
    );
    return rows.length;
  }

  async get(id: string): Promise<RunRecord | undefined> {
    return (await this.look(id, 0))?.record;
  }

  async look(id: string, after: number): Promise<RunLook | undefined> {
    const runId = asUuid(id);
    if (!runId) return undefined;
    let seen: SeenSteps | undefined;
    const record = await this.#database.read((transaction) =>
      readRecord(transaction, fragment`id = ${runId} AND workspace_id = ${this.#workspaceId}`, async () => {
        seen = await readSeenSteps(transaction, runId);
        // What only its worker needs is left out.
        return { steps: seen.steps, parts: [] };
      }),
    );
    return record && { record, changed: new Set(seen?.since(after)), cursor: seen?.cursor ?? 0 };
  }

  async measuredMs(types: readonly string[]): Promise<Map<string, number>> {
    // Times are kept by type without its version: the last ones tell what it takes now, whichever version they ran.
    const namesOf = new Map(types.map((type) => [type, type.replace(/@.*$/, '')]));
    const times = await this.#database.read((transaction) =>
      stepTimes(transaction, this.#workspaceId, [...new Set(namesOf.values())]),
    );
    return new Map(
      [...namesOf].flatMap(([type, name]) => {
        const median = medianOf(times.get(name) ?? []);
        return median === undefined ? [] : [[type, median] as const];
      }),
    );
  }
}

/** A moment as it is stored: to the millisecond. */
function moment(text: string): string {
  return new Date(text).toISOString();
}

function medianOf(values: number[]): number | undefined {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
