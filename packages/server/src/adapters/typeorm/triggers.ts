import { newId } from '../../new-id.ts';
import type { NewTrigger, StoredTrigger, TriggerStore, WorkspaceTriggers } from '../../triggers/trigger-store.ts';
import type { Database, Transaction } from './database/database.ts';
import { asUuid } from './database/identifiers.ts';
import { fragment } from './database/sql.ts';

interface TriggerRow {
  id: string;
  workspace_id: string;
  workflow_id: string;
  workflow_name: string;
  version: number | null;
  node: string;
  settings: string;
  token_hash: string | null;
  next_at: string | null;
  created_by: string;
  created_at: string;
}

/** Triggers of workflows that were not deleted. */
const selectTriggers = fragment`
  SELECT t.id, t.workspace_id, t.workflow_id, w.name AS workflow_name, t.version, t.node, t.settings, t.token_hash, t.next_at,
    t.created_by, t.created_at
  FROM workflow_trigger t
  JOIN workflow w ON w.workspace_id = t.workspace_id AND w.id = t.workflow_id AND w.deleted_at IS NULL`;

/** The triggers of one workspace, in the database. */
export class SqlWorkspaceTriggers implements WorkspaceTriggers {
  readonly #database: Database;
  readonly #workspaceId: string;
  readonly #onChange: () => void;

  /** @param onChange called when a trigger has changed. */
  constructor(database: Database, workspaceId: string, onChange: () => void) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#onChange = onChange;
  }

  async active(workflowId: string): Promise<StoredTrigger[]> {
    const id = asUuid(workflowId);
    if (!id) return [];
    const rows = await this.#database.read(
      ({ sql }) => sql<TriggerRow>`${selectTriggers}
        WHERE t.workspace_id = ${this.#workspaceId} AND t.workflow_id = ${id} AND t.version IS NOT NULL ORDER BY t.id`,
    );
    return rows.map(triggerOf);
  }

  async ofFailures(): Promise<StoredTrigger[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<TriggerRow>`${selectTriggers}
        WHERE t.workspace_id = ${this.#workspaceId} AND t.version IS NOT NULL
          AND t.token_hash IS NULL AND t.next_at IS NULL ORDER BY t.id`,
    );
    // Schedules that are over have no next time either.
    return rows.map(triggerOf).filter((trigger) => trigger.settings.kind === 'failure');
  }

  activate(
    workflowId: string,
    { version, triggers, createdBy }: { version: number; triggers: readonly NewTrigger[]; createdBy: string },
  ): Promise<boolean> {
    return this.#change(workflowId, async (transaction, id) => {
      await transaction.sql`
        DELETE FROM workflow_trigger
        WHERE workspace_id = ${this.#workspaceId} AND workflow_id = ${id} AND version IS NOT NULL`;
      for (const trigger of triggers)
        await this.#insert(transaction, id, trigger, { version, createdBy, expiresAt: null });
    });
  }

  deactivate(workflowId: string): Promise<boolean> {
    return this.#change(workflowId, async ({ sql }, id) => {
      await sql`
        DELETE FROM workflow_trigger
        WHERE workspace_id = ${this.#workspaceId} AND workflow_id = ${id} AND version IS NOT NULL`;
    });
  }

  openTest(
    workflowId: string,
    { trigger, createdBy, expiresAt }: { trigger: NewTrigger; createdBy: string; expiresAt: string },
  ): Promise<boolean> {
    return this.#change(workflowId, async (transaction, id) => {
      await transaction.sql`
        DELETE FROM workflow_trigger
        WHERE workspace_id = ${this.#workspaceId} AND workflow_id = ${id} AND version IS NULL`;
      await this.#insert(transaction, id, trigger, { version: null, createdBy, expiresAt });
    });
  }

  /** Works on a workflow's triggers while nobody else does: two versions made active at once leave one active. */
  async #change(workflowId: string, work: (transaction: Transaction, id: string) => Promise<void>): Promise<boolean> {
    const id = asUuid(workflowId);
    if (!id) return false;
    const changed = await this.#database.write(async (transaction) => {
      const locked = await transaction.sql`
        UPDATE workflow SET updated_at = updated_at
        WHERE id = ${id} AND workspace_id = ${this.#workspaceId} AND deleted_at IS NULL RETURNING id`;
      if (locked.length === 0) return false;
      await work(transaction, id);
      return true;
    });
    this.#onChange();
    return changed;
  }

  async #insert(
    { sql }: Transaction,
    workflowId: string,
    { node, settings, tokenHash, nextAt }: NewTrigger,
    { version, createdBy, expiresAt }: { version: number | null; createdBy: string; expiresAt: string | null },
  ): Promise<void> {
    await sql`
      INSERT INTO workflow_trigger (
        id, workspace_id, workflow_id, version, node, settings, token_hash, next_at, expires_at, created_by, created_at
      ) VALUES (
        ${newId()}, ${this.#workspaceId}, ${workflowId}, ${version}, ${node}, ${JSON.stringify(settings)}, ${tokenHash},
        ${nextAt}, ${expiresAt}, ${createdBy}, ${new Date().toISOString()}
      )`;
  }
}

/** The triggers of all workspaces, in the database. */
export class SqlTriggerStore implements TriggerStore {
  readonly #database: Database;
  readonly #now: () => number;

  /** @param now milliseconds since 1970, by which addresses for trying expire. */
  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  async findByToken(tokenHash: string): Promise<StoredTrigger | undefined> {
    const now = new Date(this.#now()).toISOString();
    const [row] = await this.#database.read(
      ({ sql }) => sql<TriggerRow>`${selectTriggers}
        WHERE t.token_hash = ${tokenHash} AND (t.expires_at IS NULL OR t.expires_at > ${now})`,
    );
    return row && triggerOf(row);
  }

  async due(now: string, limit: number): Promise<StoredTrigger[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<TriggerRow>`${selectTriggers}
        WHERE t.next_at <= ${now} ORDER BY t.next_at LIMIT ${limit}`,
    );
    return rows.map(triggerOf);
  }

  async advance(id: string, from: string, to: string | null): Promise<boolean> {
    const rows = await this.#database.write(
      ({ sql }) => sql`UPDATE workflow_trigger SET next_at = ${to} WHERE id = ${id} AND next_at = ${from} RETURNING id`,
    );
    return rows.length > 0;
  }
}

function triggerOf(row: TriggerRow): StoredTrigger {
  return {
    ...{ id: row.id, workspaceId: row.workspace_id, workflowId: row.workflow_id, workflowName: row.workflow_name },
    ...{ version: row.version, node: row.node, settings: JSON.parse(row.settings) },
    ...{ tokenHash: row.token_hash, nextAt: row.next_at, createdBy: row.created_by, createdAt: row.created_at },
  };
}
