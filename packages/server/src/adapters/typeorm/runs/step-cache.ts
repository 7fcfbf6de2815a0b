import type { CachedStep, StepCache, StepPlace, StepTrace } from '@imaginarium/engine';
import type { Database, Transaction } from '../database/database.ts';

const HOUR_MS = 60 * 60 * 1000;
/** After so many new entries of a workspace, the oldest beyond its limit are forgotten. */
const PUTS_BETWEEN_SWEEPS = 100;

export interface StepCacheOptions {
  /** Steps kept for each workspace, those that answered last; a few more may be there for a while. */
  limit?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** Keeps the results of pure steps in the database, so that they outlive a restart and serve every worker. */
export class SqlStepCache implements StepCache {
  readonly #database: Database;
  readonly #limit: number;
  readonly #now: () => number;
  readonly #puts = new Map<string, number>();

  constructor(database: Database, { limit = 5000, now = Date.now }: StepCacheOptions = {}) {
    this.#database = database;
    this.#limit = limit;
    this.#now = now;
  }

  async get(workspaceId: string, key: string): Promise<CachedStep | undefined> {
    const row = await this.#database.read(async ({ sql }) => {
      const [found] = await sql<{ outputs: string; used_at: string }>`
        SELECT outputs, used_at FROM step_cache WHERE workspace_id = ${workspaceId} AND key = ${key}`;
      return found;
    });
    if (!row) return undefined;
    // To the hour is exact enough to know what is forgotten first, and spares a write for each answer.
    if (this.#now() - Date.parse(row.used_at) > HOUR_MS) await this.#touch(workspaceId, key);
    return { outputs: JSON.parse(row.outputs) };
  }

  put(workspaceId: string, key: string, step: CachedStep, at?: StepPlace & { trace: StepTrace }): Promise<void> {
    const puts = (this.#puts.get(workspaceId) ?? 0) + 1;
    this.#puts.set(workspaceId, puts % PUTS_BETWEEN_SWEEPS);
    const now = this.#moment();
    return this.#database.write(async (transaction) => {
      await transaction.sql`
        INSERT INTO step_cache (workspace_id, key, outputs, created_at, used_at)
        VALUES (${workspaceId}, ${key}, ${JSON.stringify(step.outputs)}, ${now}, ${now})
        ON CONFLICT (workspace_id, key) DO UPDATE SET outputs = excluded.outputs, used_at = excluded.used_at`;
      if (at) await putTrace(transaction, workspaceId, at, now);
      if (puts === PUTS_BETWEEN_SWEEPS) await this.#forgetOldest(transaction, workspaceId);
    });
  }

  async trace(workspaceId: string, { workflowId, node }: StepPlace): Promise<StepTrace | undefined> {
    return this.#database.read(async ({ sql }) => {
      const [found] = await sql<{ trace: string }>`
        SELECT trace FROM step_trace
        WHERE workspace_id = ${workspaceId} AND workflow_id = ${workflowId} AND node = ${node}`;
      return found && JSON.parse(found.trace);
    });
  }

  async #touch(workspaceId: string, key: string): Promise<void> {
    await this.#database.write(
      ({ sql }) =>
        sql`UPDATE step_cache SET used_at = ${this.#moment()} WHERE workspace_id = ${workspaceId} AND key = ${key}`,
    );
  }

  async #forgetOldest({ sql }: Transaction, workspaceId: string): Promise<void> {
    await sql`
      DELETE FROM step_cache WHERE workspace_id = ${workspaceId} AND key IN (
        SELECT key FROM step_cache WHERE workspace_id = ${workspaceId}
        ORDER BY used_at DESC, key LIMIT 1000000 OFFSET ${this.#limit}
      )`;
  }

  #moment(): string {
    return new Date(this.#now()).toISOString();
  }
}

async function putTrace(
  { sql }: Transaction,
  workspaceId: string,
  { workflowId, node, trace }: StepPlace & { trace: StepTrace },
  now: string,
): Promise<void> {
  await sql`
    INSERT INTO step_trace (workspace_id, workflow_id, node, trace, updated_at)
    VALUES (${workspaceId}, ${workflowId}, ${node}, ${JSON.stringify(trace)}, ${now})
    ON CONFLICT (workspace_id, workflow_id, node) DO UPDATE SET trace = excluded.trace, updated_at = excluded.updated_at`;
}
