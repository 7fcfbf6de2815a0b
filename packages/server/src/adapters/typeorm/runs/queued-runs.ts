import type { QueuedRun } from '@imaginarium/engine';
import type { Transaction } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import type { DatabaseKind } from '../tables/column-types.ts';
import type { LeaseClock } from './lease-clock.ts';

/** What `queue_pause` says when the whole installation is paused; else it names a workspace. */
export const EVERYWHERE = 'all';

/** Holds for a run whose workspace is not paused, and neither is the installation. */
export const notPaused: Fragment = fragment`
  NOT EXISTS (SELECT 1 FROM queue_pause p WHERE p.scope IN ('all', CAST(run.workspace_id AS text)))`;

/** Holds where what is of this workspace may begin now. */
export function notPausedIn(workspaceId: string): Fragment {
  return fragment`NOT EXISTS (SELECT 1 FROM queue_pause WHERE scope IN (${[EVERYWHERE, workspaceId]}))`;
}

/** Whether nothing of a workspace may begin now. */
export async function isPaused({ sql }: Transaction, workspaceId: string): Promise<boolean> {
  const rows = await sql`SELECT scope FROM queue_pause WHERE scope IN (${[EVERYWHERE, workspaceId]})`;
  return rows.length > 0;
}

interface QueuedRow {
  id: string;
  workspace_id: string;
  priority: number;
}

function queuedOf({ id, workspace_id, priority }: QueuedRow): QueuedRun {
  return { runId: id, workspaceId: workspace_id, priority };
}

/**
 * Queued runs whose time has come and that are not paused: of each workspace its most urgent and oldest ones, as many as its share of
 * the limit, by priority, then by age. What this costs depends on the limit and the number of workspaces, not on what is queued.
 * @param beyond hashes of graphs to leave out.
 */
export async function listTurns(
  { sql }: Transaction,
  kind: DatabaseKind,
  limit: number,
  beyond: readonly string[],
): Promise<QueuedRun[]> {
  const paused = new Set((await sql<{ scope: string }>`SELECT scope FROM queue_pause`).map(({ scope }) => scope));
  if (paused.has(EVERYWHERE)) return [];
  const places = await sql<{ id: string | null }>`
    WITH RECURSIVE place (id) AS (
      SELECT (SELECT workspace_id FROM run_outbox ORDER BY workspace_id LIMIT 1)
      UNION ALL
      SELECT (SELECT o.workspace_id FROM run_outbox o WHERE o.workspace_id > place.id ORDER BY o.workspace_id LIMIT 1)
      FROM place WHERE place.id IS NOT NULL
    )
    SELECT id FROM place WHERE id IS NOT NULL`;
  const waiting = places.flatMap(({ id }) => (id === null || paused.has(id) ? [] : [id]));
  if (waiting.length === 0) return [];
  const share = Math.max(1, Math.floor(limit / waiting.length));
  const within =
    beyond.length === 0
      ? fragment``
      : fragment`
    AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = i.run_id AND r.graph_hash IN (${beyond}))`;
  const rows =
    kind === 'postgres'
      ? await sql<QueuedRow>`
        SELECT o.id, o.workspace_id, o.priority FROM unnest(CAST(${`{${waiting.join()}}`} AS uuid[])) AS place (id)
        CROSS JOIN LATERAL (
          SELECT i.run_id AS id, i.workspace_id, i.priority, i.seq FROM run_outbox i
          WHERE i.workspace_id = place.id ${within} ORDER BY i.priority DESC, i.seq LIMIT ${share}
        ) o ORDER BY o.priority DESC, o.seq LIMIT ${limit}`
      : await sql<QueuedRow>`
        SELECT o.run_id AS id, o.workspace_id, o.priority FROM json_each(${JSON.stringify(waiting)}) place
        CROSS JOIN run_outbox o ON o.seq IN (
          SELECT i.seq FROM run_outbox i
          WHERE i.workspace_id = place.value ${within} ORDER BY i.priority DESC, i.seq LIMIT ${share}
        ) ORDER BY o.priority DESC, o.seq LIMIT ${limit}`;
  return rows.map(queuedOf);
}

/** No lease is given for so long: one that ends later was given before the clock was set back. */
const LONGEST_LEASE_MS = 10 * 60_000;

/** Holds for running runs whose lease has lapsed. */
export function hasLapsed(clock: LeaseClock): Fragment {
  return fragment`state = 'running' AND (lease_until <= ${clock.at()} OR lease_until > ${clock.at(LONGEST_LEASE_MS)})`;
}

/** Running runs whose lease has lapsed, the one that lapsed first before the others. */
export async function listLapsed(
  { sql }: Transaction,
  clock: LeaseClock,
  limit: number,
  beyond: readonly string[] = [],
): Promise<QueuedRun[]> {
  const rows = await sql<QueuedRow>`
    SELECT id, workspace_id, priority FROM run
    WHERE ${hasLapsed(clock)}
    ${beyond.length === 0 ? fragment`` : fragment`AND graph_hash NOT IN (${beyond})`}
    ORDER BY lease_until LIMIT ${limit}`;
  return rows.map((row) => ({ ...queuedOf(row), again: true }));
}

/** Moves runs whose time has come from those that are put off to those that wait for a worker. @returns them. */
export async function takeDue({ sql }: Transaction, clock: LeaseClock, limit: number): Promise<QueuedRun[]> {
  const due = await sql<QueuedRow>`
    DELETE FROM run_delayed WHERE run_id IN (SELECT run_id FROM run_delayed WHERE due_at <= ${clock.at()} ORDER BY due_at LIMIT ${limit})
    RETURNING run_id AS id, workspace_id, priority`;
  if (due.length === 0) return [];
  const rows = due.map(({ id, workspace_id, priority }) => fragment`(${id}, ${workspace_id}, ${priority})`);
  await sql`INSERT INTO run_outbox (run_id, workspace_id, priority) VALUES ${rows}`;
  return due.map(queuedOf);
}
