import type { FileRef, Graph, WorkflowSummary, WorkflowVersion } from '@imaginarium/protocol';
import { IsNull, type Repository } from 'typeorm';
import { newId } from '../../new-id.ts';
import type { StoredWorkflow, WorkflowStore } from '../../workflows/workflow-store.ts';
import type { Database, Transaction } from './database/database.ts';
import { asUuid, storableText } from './database/identifiers.ts';
import { keepGraph } from './runs/run-writes.ts';
import type { WorkflowRow } from './tables/workflow-tables.ts';

interface VersionRow {
  version: number;
  label: string | null;
  created_at: string;
  created_by: string;
}

/** The workflows of one workspace, in the database. */
export class SqlWorkflowStore implements WorkflowStore {
  readonly #database: Database;
  readonly #workspaceId: string;
  readonly #onTriggersChanged: () => void;

  /** @param onTriggersChanged called when a workflow has another name, or is gone: its triggers tell of both. */
  constructor(database: Database, workspaceId: string, onTriggersChanged: () => void) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#onTriggersChanged = onTriggersChanged;
  }

  async list(): Promise<WorkflowSummary[]> {
    const rows = await this.#database.read((transaction) =>
      workflowsOf(transaction).find({
        select: SUMMARY_COLUMNS,
        where: { workspaceId: this.#workspaceId, deletedAt: IsNull(), builtIn: IsNull() },
        order: { updatedAt: 'DESC', id: 'DESC' },
      }),
    );
    return rows.map(summaryOf);
  }

  get(id: string): Promise<StoredWorkflow | undefined> {
    return this.#database.read(async (transaction) => {
      const row = await this.#find(transaction, id);
      return row && { ...summaryOf(row), draft: row.draft, revision: row.revision, builtIn: row.builtIn !== null };
    });
  }

  async create({ name, graph }: { name: string; graph: Graph }): Promise<StoredWorkflow> {
    const [id, now, nodeCount] = [newId(), new Date().toISOString(), graph.nodes.length];
    storableText('name', name);
    await this.#database.write(
      ({ sql }) => sql`
        INSERT INTO workflow (id, workspace_id, name, draft, revision, node_count, created_at, updated_at)
        VALUES (${id}, ${this.#workspaceId}, ${name}, ${JSON.stringify(graph)}, 1, ${nodeCount}, ${now}, ${now})`,
    );
    const summary = { id, name, createdAt: now, updatedAt: now, latestVersion: null, nodeCount, cover: null };
    return { ...summary, draft: graph, revision: 1, builtIn: false };
  }

  async builtIn(
    purpose: string,
    { name, graph }: { name: string; graph: Graph },
  ): Promise<{ id: string; name: string }> {
    const known = await this.findBuiltIn(purpose);
    if (known) return known;
    const now = new Date().toISOString();
    return this.#database.write(async (transaction) => {
      await transaction.sql`
        INSERT INTO workflow (id, workspace_id, name, draft, revision, node_count, created_at, updated_at, built_in)
        VALUES (${newId()}, ${this.#workspaceId}, ${name}, ${JSON.stringify(graph)}, 1, ${graph.nodes.length}, ${now}, ${now}, ${purpose})
        ON CONFLICT (workspace_id, built_in) WHERE built_in IS NOT NULL DO NOTHING`;
      const made = await this.#findBuiltIn(transaction, purpose);
      if (!made) throw new Error(`The workflow for ${purpose} was neither stored nor there already.`);
      return made;
    });
  }

  findBuiltIn(purpose: string): Promise<{ id: string; name: string } | undefined> {
    return this.#database.read((transaction) => this.#findBuiltIn(transaction, purpose));
  }

  async rename(id: string, name: string): Promise<WorkflowSummary | undefined> {
    storableText('name', name);
    const renamed = await this.#database.write(async (transaction) => {
      const changed = await this.#update(transaction, id, { name, updatedAt: new Date().toISOString() });
      const row = changed ? await this.#find(transaction, id) : undefined;
      return row && summaryOf(row);
    });
    this.#onTriggersChanged();
    return renamed;
  }

  async delete(id: string): Promise<boolean> {
    const deleted = await this.#database.write((transaction) =>
      this.#update(transaction, id, { deletedAt: new Date().toISOString() }),
    );
    this.#onTriggersChanged();
    return deleted;
  }

  saveDraft(id: string, { graph, revision }: { graph: Graph; revision: number }) {
    return this.#database.write(async (transaction) => {
      const row = await this.#find(transaction, id);
      if (!row || row.builtIn !== null) return undefined;
      const updatedAt = new Date().toISOString();
      const changes = { draft: graph, nodeCount: graph.nodes.length, revision: revision + 1, updatedAt };
      // Named in the condition too: somebody may have saved since it was read.
      if (await this.#update(transaction, id, changes, { revision })) return { revision: revision + 1, updatedAt };
      const current = await this.#find(transaction, id);
      return current && { conflict: current.revision };
    });
  }

  listVersions(id: string): Promise<WorkflowVersion[] | undefined> {
    return this.#database.read(async (transaction) => {
      const workflow = await this.#find(transaction, id);
      if (!workflow) return undefined;
      const rows = await transaction.sql<VersionRow>`
        SELECT version, label, created_at, created_by FROM workflow_version
        WHERE workflow_id = ${workflow.id} AND workspace_id = ${this.#workspaceId} ORDER BY version DESC`;
      return rows.map(versionOf);
    });
  }

  async createVersion(
    id: string,
    { label, createdBy }: { label: string | null; createdBy: string },
  ): Promise<WorkflowVersion | undefined> {
    const workflowId = asUuid(id);
    if (!workflowId) return undefined;
    if (label !== null) storableText('label', label);
    return this.#database.write(async (transaction) => {
      // Counting first locks the row: two that make a version at once get two numbers.
      const [row] = await transaction.sql<{ latest_version: number; draft: string }>`
        UPDATE workflow SET latest_version = COALESCE(latest_version, 0) + 1
        WHERE id = ${workflowId} AND workspace_id = ${this.#workspaceId} AND deleted_at IS NULL AND built_in IS NULL
        RETURNING latest_version, draft`;
      if (!row) return undefined;
      const createdAt = new Date().toISOString();
      const version = row.latest_version;
      const graphHash = await keepGraph(
        transaction,
        { workspaceId: this.#workspaceId, graph: JSON.parse(row.draft) },
        createdAt,
      );
      await transaction.sql`
        INSERT INTO workflow_version (workflow_id, version, workspace_id, label, graph_hash, created_by, created_at)
        VALUES (${workflowId}, ${version}, ${this.#workspaceId}, ${label}, ${graphHash}, ${createdBy}, ${createdAt})`;
      return { version, label, createdAt, createdBy };
    });
  }

  getVersion(id: string, version: number): Promise<(WorkflowVersion & { graph: Graph }) | undefined> {
    return this.#database.read(async (transaction) => {
      const workflow = await this.#find(transaction, id);
      // A number that no column can hold names no version; PostgreSQL would refuse the question.
      if (!workflow || version > (workflow.latestVersion ?? 0)) return undefined;
      const [row] = await transaction.sql<VersionRow & { graph: string }>`
        SELECT v.version, v.label, v.created_at, v.created_by, g.graph FROM workflow_version v
        JOIN graph_snapshot g ON g.workspace_id = v.workspace_id AND g.hash = v.graph_hash
        WHERE v.workflow_id = ${workflow.id} AND v.workspace_id = ${this.#workspaceId} AND v.version = ${version}`;
      return row && { ...versionOf(row), graph: JSON.parse(row.graph) };
    });
  }

  async setCover(id: string, cover: FileRef): Promise<void> {
    await this.#database.write((transaction) => this.#update(transaction, id, { cover }));
  }

  async #findBuiltIn(
    { sql }: Pick<Transaction, 'sql'>,
    purpose: string,
  ): Promise<{ id: string; name: string } | undefined> {
    const [found] = await sql<{ id: string; name: string }>`
      SELECT id, name FROM workflow WHERE workspace_id = ${this.#workspaceId} AND built_in = ${purpose}`;
    return found;
  }

  async #find(transaction: Transaction, id: string): Promise<WorkflowRow | undefined> {
    const workflowId = asUuid(id);
    if (!workflowId) return undefined;
    const where = { id: workflowId, workspaceId: this.#workspaceId, deletedAt: IsNull() };
    return (await workflowsOf(transaction).findOneBy(where)) ?? undefined;
  }

  async #update(
    transaction: Transaction,
    id: string,
    changes: Partial<Omit<WorkflowRow, 'id' | 'workspaceId'>>,
    expected: { revision?: number } = {},
  ): Promise<boolean> {
    const workflowId = asUuid(id);
    if (!workflowId) return false;
    const where = {
      ...{ id: workflowId, workspaceId: this.#workspaceId, deletedAt: IsNull(), builtIn: IsNull() },
      ...expected,
    };
    const { affected } = await transaction.manager.update('workflow', where, changes);
    return affected === 1;
  }
}

const SUMMARY_COLUMNS = {
  ...{ id: true, name: true, createdAt: true, updatedAt: true },
  ...{ latestVersion: true, nodeCount: true, cover: true },
} as const;

function workflowsOf({ manager }: Transaction): Repository<WorkflowRow> {
  return manager.getRepository<WorkflowRow>('workflow');
}

function summaryOf(row: WorkflowRow): WorkflowSummary {
  const { id, name, createdAt, updatedAt, latestVersion, nodeCount, cover } = row;
  return { id, name, createdAt, updatedAt, latestVersion, nodeCount, cover };
}

function versionOf({ version, label, created_at, created_by }: VersionRow): WorkflowVersion {
  return { version, label, createdAt: created_at, createdBy: created_by };
}
