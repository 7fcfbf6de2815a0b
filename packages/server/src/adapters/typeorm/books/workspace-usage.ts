import { USAGE_ROWS, type UsageBy, type UsageRow } from '@imaginarium/protocol';
import type { UsageFigures, UsageQuery, WorkspaceUsage } from '../../../credits/usage.ts';
import type { Database } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import { pendingOf, usageOf } from './usage-sql.ts';

/** The columns that each way of adding up tells apart. */
const APART: Record<UsageBy, readonly Key[]> = {
  day: ['day'],
  workflow: ['workflow_id'],
  type: ['node_type'],
  person: ['person'],
  'day-type': ['day', 'node_type'],
};
const KEYS = {
  day: fragment`u.day`,
  workflow_id: fragment`u.workflow_id`,
  node_type: fragment`u.node_type`,
  person: fragment`u.person`,
};
type Key = keyof typeof KEYS;

interface SumRow {
  steps: number;
  items: number;
  credits: number;
  refunded: number;
  duration_ms: number;
}

interface FigureRow extends SumRow {
  day: string | null;
  workflow_id: string | null;
  node_type: string | null;
  person: string | null;
  workflow_name: string | null;
  person_name: string | null;
}

/** What one workspace used, from the figures of its days and from what is not counted yet. */
export class SqlWorkspaceUsage implements WorkspaceUsage {
  readonly #database: Database;
  readonly #workspaceId: string;

  constructor(database: Database, workspaceId: string) {
    this.#database = database;
    this.#workspaceId = workspaceId;
  }

  async figures(query: UsageQuery): Promise<UsageFigures> {
    const { kind } = this.#database;
    const { by, from, to } = query;
    const within = fragment`
      u.workspace_id = ${this.#workspaceId} AND u.day >= ${from} AND u.day <= ${to}
      ${query.workflowId === undefined ? fragment`` : fragment`AND u.workflow_id = ${query.workflowId}`}
      ${query.nodeType === undefined ? fragment`` : fragment`AND u.node_type = ${query.nodeType}`}
      ${query.person === undefined ? fragment`` : fragment`AND u.person = ${query.person}`}`;
    const apart = APART[by];
    const shown = (Object.keys(KEYS) as Key[]).map((key) =>
      apart.includes(key) ? KEYS[key] : fragment`CAST(NULL AS text)`,
    );
    const [day, workflow, type, person] = shown as [Fragment, Fragment, Fragment, Fragment]; // As many as there are keys.
    const summed = (from: Fragment) => fragment`
      SELECT ${day} AS day, ${workflow} AS workflow_id, ${type} AS node_type, ${person} AS person, ${SUMMED}
      FROM ${from} WHERE ${within} GROUP BY ${apart.map((key) => KEYS[key])}`;
    const pending = usageOf(kind, pendingOf(kind), fragment`AND p.workspace_id = ${this.#workspaceId}`);
    // One statement: what moves from not counted to counted meanwhile is in it once.
    const rows = await this.#database.read(
      ({ sql }) => sql<FigureRow>`
        SELECT f.*, w.name AS workflow_name, a.name AS person_name
        FROM (
          SELECT u.day, u.workflow_id, u.node_type, u.person, ${SUMMED}
          FROM (${summed(fragment`usage_day u`)} UNION ALL ${summed(fragment`(${pending}) u`)}) u
          GROUP BY 1, 2, 3, 4
        ) f
        LEFT JOIN workflow w ON w.workspace_id = ${this.#workspaceId} AND CAST(w.id AS text) = f.workflow_id
        LEFT JOIN user_account a ON CAST(a.id AS text) = f.person
        ORDER BY f.day, f.credits DESC, f.steps DESC, f.workflow_id, f.node_type, f.person`,
    );
    return { rows: rows.slice(0, USAGE_ROWS).map(rowOf), total: totalOf(rows) };
  }
}

const SUMMED = fragment`
  CAST(SUM(u.steps) AS integer) AS steps, CAST(SUM(u.items) AS bigint) AS items, CAST(SUM(u.credits) AS bigint) AS credits,
  CAST(SUM(u.refunded) AS bigint) AS refunded, CAST(SUM(u.duration_ms) AS bigint) AS duration_ms`;

function rowOf({ day, workflow_id, node_type, person, workflow_name, person_name, ...sums }: FigureRow): UsageRow {
  return {
    day,
    workflow: workflow_id ? { id: workflow_id, name: workflow_name } : null,
    nodeType: node_type || null,
    person: person ? { id: person, name: person_name } : null,
    ...sumsOf(sums),
  };
}

function sumsOf({ steps, items, credits, refunded, duration_ms }: SumRow): UsageFigures['total'] {
  return { steps, items, credits, refunded, durationMs: duration_ms };
}

function totalOf(rows: readonly SumRow[]): UsageFigures['total'] {
  const total = { steps: 0, items: 0, credits: 0, refunded: 0, durationMs: 0 };
  for (const row of rows) {
    const sums = sumsOf(row);
    for (const name of Object.keys(total) as (keyof typeof total)[]) total[name] += sums[name];
  }
  return total;
}
