import type { AssetTimes } from '../../../assets/asset-list.ts';
import type { Database } from '../database/database.ts';

/** When assets of workspaces changed last, in the database. */
export class SqlAssetTimes implements AssetTimes {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async of(workspaceIds: readonly string[]): Promise<string[]> {
    const ids = [...new Set(workspaceIds)];
    // One step into an index for each of them, however many assets it has.
    const rows = await this.#database.read(
      ({ sql }) => sql<{ id: string; at: string | null }>`
        SELECT w.id, (SELECT MAX(a.updated_at) FROM asset a WHERE a.workspace_id = w.id) AS at
        FROM workspace w WHERE w.id IN (${ids})`,
    );
    const times = new Map(rows.map(({ id, at }) => [id, at ?? '']));
    return workspaceIds.map((id) => times.get(id) ?? '');
  }
}
