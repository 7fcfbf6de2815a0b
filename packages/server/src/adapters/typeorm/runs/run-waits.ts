import type { Answered, OpenWait, QueuedRun, RunWaits } from '@imaginarium/engine';
import type { Resumed } from '@imaginarium/node-sdk';
import type { RunState } from '@imaginarium/protocol';
import type { Database, Transaction } from '../database/database.ts';
import { asUuid } from '../database/identifiers.ts';
import { fragment } from '../database/sql.ts';
import { queueAgain, type WaitRow, waitOf } from './run-parking.ts';

/** The columns of {@link WaitRow}. */
const waitColumns = fragment`
  w.id, w.run_id, w.workspace_id, w.node, w.iteration, w.call, w.about, w.since, w.due_at, w.answer, w.came_before`;
/** Runs that may still get an answer. */
const isActive = fragment`r.state IN ('queued', 'running', 'waiting')`;

/** The waits of runs, in the database. */
export class SqlRunWaits implements RunWaits {
  readonly #database: Database;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  answer(waitId: string, answer: Resumed): Promise<Answered> {
    const id = asUuid(waitId);
    if (!id) return Promise.resolve({ taken: false });
    return this.#database.write(async (transaction) => {
      const { sql } = transaction;
      const [place] = await sql<{ run_id: string }>`SELECT run_id FROM run_wait WHERE id = ${id}`;
      if (!place) return { taken: false };
      // Whoever puts the run to rest changes its row first too: one of the two sees what the other did.
      const [run] = await sql<{ state: RunState; workspace_id: string; priority: number }>`
        UPDATE run SET last_seq = last_seq WHERE id = ${place.run_id} RETURNING state, workspace_id, priority`;
      if (!run || !['queued', 'running', 'waiting'].includes(run.state)) return { taken: false };
      const [wait] = await sql<{ node: string; iteration: string }>`
        UPDATE run_wait SET answer = ${JSON.stringify(answer)}
        WHERE id = ${id} AND answer IS NULL RETURNING node, iteration`;
      if (!wait) return { taken: false };
      if (run.state !== 'waiting' || !(await canStepGoOn(transaction, place.run_id, wait, this.#moment())))
        return { taken: true, queued: null };
      await queueAgain(transaction, { id: place.run_id, workspaceId: run.workspace_id, priority: run.priority });
      const { workspace_id: workspaceId, priority } = run;
      return { taken: true, queued: { runId: place.run_id, workspaceId, priority, again: true } satisfies QueuedRun };
    });
  }

  listDue(limit: number): Promise<OpenWait[]> {
    return this.#list(fragment`w.due_at <= ${this.#moment()} AND ${isActive} ORDER BY w.due_at LIMIT ${limit}`);
  }

  listEnded(limit: number): Promise<OpenWait[]> {
    return this.#list(fragment`
      ${isActive} AND EXISTS (
        SELECT 1 FROM run c WHERE c.id = w.child_run_id AND c.state IN ('succeeded', 'failed', 'cancelled')
      ) AND w.child_run_id IS NOT NULL LIMIT ${limit}`);
  }

  async find(waitId: string): Promise<OpenWait | undefined> {
    const id = asUuid(waitId);
    if (!id) return undefined;
    const [wait] = await this.#list(fragment`w.id = ${id} AND ${isActive}`);
    return wait;
  }

  async findParent(runId: string): Promise<OpenWait | undefined> {
    const id = asUuid(runId);
    if (!id) return undefined;
    const [wait] = await this.#list(fragment`w.child_run_id = ${id} AND ${isActive} LIMIT 1`);
    return wait;
  }

  async listChildren(runId: string): Promise<string[]> {
    const id = asUuid(runId);
    if (!id) return [];
    const rows = await this.#database.read(
      ({ sql }) => sql<{ child_run_id: string }>`
        SELECT child_run_id FROM run_wait WHERE run_id = ${id} AND child_run_id IS NOT NULL AND answer IS NULL`,
    );
    return rows.map((row) => row.child_run_id);
  }

  async listOrphans(limit: number): Promise<string[]> {
    const parentId =
      this.#database.kind === 'postgres'
        ? fragment`CAST(c.parent ->> 'runId' AS uuid)`
        : fragment`json_extract(c.parent, '$.runId')`;
    const rows = await this.#database.read(
      ({ sql }) => sql<{ id: string }>`
        SELECT c.id FROM run c JOIN run p ON p.id = ${parentId}
        WHERE c.parent IS NOT NULL AND c.finished_at IS NULL AND c.cancel_requested_at IS NULL AND p.finished_at IS NOT NULL
        LIMIT ${limit}`,
    );
    return rows.map(({ id }) => id);
  }

  /** Open waits that meet a condition. */
  async #list(where: ReturnType<typeof fragment>): Promise<OpenWait[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<WaitRow>`
        SELECT ${waitColumns} FROM run_wait w JOIN run r ON r.id = w.run_id WHERE w.answer IS NULL AND ${where}`,
    );
    return rows.map((row) => ({
      ...{ runId: row.run_id, workspaceId: row.workspace_id, node: row.node, wait: waitOf(row) },
    }));
  }

  #moment(): string {
    return new Date(this.#now()).toISOString();
  }
}

/** Whether a step has all that it waits for. */
async function canStepGoOn(
  { sql }: Transaction,
  runId: string,
  { node, iteration }: { node: string; iteration: string },
  now: string,
): Promise<boolean> {
  const open = await sql`
    SELECT id FROM run_wait
    WHERE run_id = ${runId} AND node = ${node} AND iteration = ${iteration} AND answer IS NULL
      AND (due_at IS NULL OR due_at > ${now}) LIMIT 1`;
  return open.length === 0;
}
