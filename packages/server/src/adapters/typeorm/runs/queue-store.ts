import { type Graph, nodeTypesOf, type WorkerState } from '@imaginarium/protocol';
import type { Pause, QueueStore, WorkspaceLoad } from '../../../queue/queue-store.ts';
import type { Database } from '../database/database.ts';
import { EVERYWHERE, listTurns } from './queued-runs.ts';

/** Workers that were not heard of for longer are forgotten. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

/** Pauses, loads and workers in the database. */
export class SqlQueueStore implements QueueStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async pauses(): Promise<Pause[]> {
    const rows = await this.#database.read(
      ({ sql }) =>
        sql<{ scope: string; paused_at: string; paused_by: string }>`SELECT * FROM queue_pause ORDER BY scope`,
    );
    return rows.map(({ scope, paused_at: pausedAt, paused_by: pausedBy }) => ({
      workspaceId: scope === EVERYWHERE ? null : scope,
      ...{ pausedAt, pausedBy },
    }));
  }

  async pause(workspaceId: string | null, by: string): Promise<void> {
    await this.#database.write(
      ({ sql }) => sql`
        INSERT INTO queue_pause (scope, paused_at, paused_by)
        VALUES (${workspaceId ?? EVERYWHERE}, ${new Date().toISOString()}, ${by}) ON CONFLICT DO NOTHING`,
    );
  }

  async resume(workspaceId: string | null): Promise<void> {
    await this.#database.write(({ sql }) => sql`DELETE FROM queue_pause WHERE scope = ${workspaceId ?? EVERYWHERE}`);
  }

  async loads(): Promise<WorkspaceLoad[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<LoadRow>`
        WITH queued AS (SELECT workspace_id, COUNT(*) AS runs, MIN(seq) AS first FROM run_outbox GROUP BY workspace_id),
          delayed AS (SELECT workspace_id, COUNT(*) AS runs FROM run_delayed GROUP BY workspace_id)
        SELECT * FROM (
          SELECT w.id, w.name, COALESCE(q.runs, 0) AS queued, COALESCE(d.runs, 0) AS delayed,
            (SELECT COUNT(*) FROM run r WHERE r.workspace_id = w.id AND r.state = 'running') AS running,
            (SELECT COUNT(*) FROM run r WHERE r.workspace_id = w.id AND r.state = 'waiting') AS waiting,
            (SELECT COALESCE(r.not_before, r.created_at) FROM run_outbox o JOIN run r ON r.id = o.run_id
              WHERE o.seq = q.first) AS oldest_at
          FROM workspace w LEFT JOIN queued q ON q.workspace_id = w.id LEFT JOIN delayed d ON d.workspace_id = w.id
        ) AS load WHERE queued > 0 OR delayed > 0 OR running > 0 OR waiting > 0 ORDER BY queued DESC, name, id`,
    );
    return rows.map(({ id, name, oldest_at: oldestAt, queued, delayed, running, waiting }) => ({
      ...{ workspaceId: id, name, oldestAt },
      // PostgreSQL counts in numbers that its driver gives as text.
      ...{ queued: Number(queued), delayed: Number(delayed), running: Number(running), waiting: Number(waiting) },
    }));
  }

  wantedTypes(limit: number): Promise<{ nodeTypes: readonly string[]; runs: number }[]> {
    return this.#database.read(async (transaction) => {
      const { sql } = transaction;
      const turns = await listTurns(transaction, this.#database.kind, limit, []);
      if (turns.length === 0) return [];
      const graphs = await sql<{ graph: string; runs: number | string }>`
        SELECT g.graph, wanted.runs FROM (
          SELECT workspace_id, graph_hash, COUNT(*) AS runs FROM run WHERE id IN (${turns.map(({ runId }) => runId)})
          GROUP BY workspace_id, graph_hash
        ) wanted JOIN graph_snapshot g ON g.workspace_id = wanted.workspace_id AND g.hash = wanted.graph_hash`;
      return graphs.map(({ graph, runs }) => ({
        nodeTypes: nodeTypesOf(JSON.parse(graph) as Graph),
        runs: Number(runs),
      }));
    });
  }

  async announce(worker: WorkerState): Promise<void> {
    const { id, host, version, startedAt, seenAt, concurrency, running } = worker;
    const forgotten = new Date(Date.parse(seenAt) - REMEMBERED_MS).toISOString();
    await this.#database.write(async ({ sql }) => {
      await sql`DELETE FROM worker WHERE seen_at < ${forgotten}`;
      await sql`
        INSERT INTO worker (id, host, version, started_at, seen_at, concurrency, running, packages, pools)
        VALUES (${id}, ${host}, ${version}, ${startedAt}, ${seenAt}, ${concurrency}, ${running},
          ${JSON.stringify(worker.packages)}, ${JSON.stringify(worker.pools)})
        ON CONFLICT (id) DO UPDATE SET host = excluded.host, version = excluded.version,
          started_at = excluded.started_at, seen_at = excluded.seen_at, concurrency = excluded.concurrency,
          running = excluded.running, packages = excluded.packages, pools = excluded.pools`;
    });
  }

  async leave(workerId: string): Promise<void> {
    await this.#database.write(({ sql }) => sql`DELETE FROM worker WHERE id = ${workerId}`);
  }

  async workers(): Promise<WorkerState[]> {
    const rows = await this.#database.read(({ sql }) => sql<WorkerRow>`SELECT * FROM worker ORDER BY seen_at DESC, id`);
    return rows.map(({ id, host, version, started_at, seen_at, concurrency, running, packages, pools }) => ({
      ...{ id, host, version, startedAt: started_at, seenAt: seen_at, concurrency, running },
      ...{ packages: JSON.parse(packages), pools: JSON.parse(pools) },
    }));
  }
}

interface LoadRow {
  id: string;
  name: string;
  queued: number | string;
  delayed: number | string;
  running: number | string;
  waiting: number | string;
  oldest_at: string | null;
}

interface WorkerRow {
  id: string;
  host: string;
  version: string;
  started_at: string;
  seen_at: string;
  concurrency: number;
  running: number;
  packages: string;
  pools: string;
}
