import type { Graph } from '@imaginarium/protocol';
import type { ListedWait, WaitList } from '../../../waits/wait-list.ts';
import type { Database, Transaction } from '../database/database.ts';
import { asUuid } from '../database/identifiers.ts';
import { type Fragment, fragment } from '../database/sql.ts';

interface ListedRow {
  id: string;
  run_id: string;
  workflow_id: string;
  workflow_name: string;
  graph_hash: string;
  node: string;
  about: string;
  since: string;
  due_at: string | null;
}

/** What the runs of one workspace wait for, read from the database. */
export class SqlWaitList implements WaitList {
  readonly #database: Database;
  readonly #workspaceId: string;

  constructor(database: Database, workspaceId: string) {
    this.#database = database;
    this.#workspaceId = workspaceId;
  }

  async list({ kind, runId, limit }: Parameters<WaitList['list']>[0]) {
    const run = runId === undefined ? undefined : asUuid(runId);
    if (runId !== undefined && !run) return { waits: [], total: 0 };
    const where = fragment`${this.#open()}
      ${kind ? fragment`AND w.kind = ${kind}` : fragment``} ${run ? fragment`AND w.run_id = ${run}` : fragment``}`;
    return this.#database.read(async (transaction) => {
      const waits = await this.#select(transaction, fragment`${where} ORDER BY w.since, w.id LIMIT ${limit}`);
      const [count] = await transaction.sql<{ total: number | string }>`
        SELECT COUNT(*) AS total FROM run_wait w JOIN run r ON r.id = w.run_id WHERE ${where}`;
      return { waits, total: Number(count?.total ?? 0) };
    });
  }

  async get(id: string): Promise<ListedWait | undefined> {
    const waitId = asUuid(id);
    if (!waitId) return undefined;
    const [wait] = await this.#database.read((transaction) =>
      this.#select(transaction, fragment`${this.#open()} AND w.id = ${waitId}`),
    );
    return wait;
  }

  #open(): Fragment {
    return fragment`
      w.workspace_id = ${this.#workspaceId} AND w.answer IS NULL AND r.state IN ('queued', 'running', 'waiting')`;
  }

  async #select(transaction: Transaction, where: Fragment): Promise<ListedWait[]> {
    const rows = await transaction.sql<ListedRow>`
      SELECT w.id, w.run_id, r.workflow_id, r.workflow_name, r.graph_hash, w.node, w.about, w.since, w.due_at
      FROM run_wait w JOIN run r ON r.id = w.run_id WHERE ${where}`;
    const names = await this.#nodeNames(transaction, new Set(rows.map((row) => row.graph_hash)));
    return rows.map((row) => ({
      ...{ id: row.id, runId: row.run_id, workflowId: row.workflow_id, workflowName: row.workflow_name },
      ...{ node: row.node, name: names.get(`${row.graph_hash}/${row.node}`) ?? row.node },
      ...{ about: JSON.parse(row.about), since: row.since, dueAt: row.due_at },
    }));
  }

  /** The names of nodes, by `graph hash/node id`. */
  async #nodeNames({ sql }: Transaction, hashes: ReadonlySet<string>): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    for (const hash of hashes) {
      const [snapshot] = await sql<{ graph: string }>`
        SELECT graph FROM graph_snapshot WHERE workspace_id = ${this.#workspaceId} AND hash = ${hash}`;
      const graph: Graph | undefined = snapshot && JSON.parse(snapshot.graph);
      for (const { id, name } of graph?.nodes ?? []) names.set(`${hash}/${id}`, name);
    }
    return names;
  }
}
