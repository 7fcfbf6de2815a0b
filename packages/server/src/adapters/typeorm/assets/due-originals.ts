import type { DueOriginal, DueOriginals } from '../../../assets/original-retention.ts';
import type { Database } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import { letGoOfFiles, runsOfAsset } from './asset-rows.ts';

/** Holds for rows of `asset` of which nothing is being made. */
const isAtRest = fragment`
  NOT EXISTS (SELECT 1 FROM asset_version o WHERE o.asset_id = asset.id AND o.ended_at IS NULL)`;

/** Originals of billboards, in the database. */
export class SqlDueOriginals implements DueOriginals {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  async list(endedBefore: string, { limit, skip }: Parameters<DueOriginals['list']>[1]): Promise<DueOriginal[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<{ id: string; workspace_id: string; original: string }>`
        SELECT id, workspace_id, original FROM asset
        WHERE original_state = 'kept' AND ${isAtRest} AND EXISTS (
          SELECT 1 FROM asset_version v WHERE v.asset_id = asset.id AND v.tier = 'billboard' AND v.state = 'succeeded'
            AND v.ended_at < ${endedBefore} AND v.created_at >= COALESCE(asset.original_since, asset.created_at)
        ) AND NOT EXISTS (
          SELECT 1 FROM file_in_place p WHERE p.file_id = asset.original_id
        ) ORDER BY created_at, id LIMIT ${limit} OFFSET ${skip}`,
    );
    return rows.map(({ id, workspace_id, original }) => {
      return { assetId: id, workspaceId: workspace_id, original: JSON.parse(original) };
    });
  }

  async retire({ assetId, workspaceId, original }: DueOriginal, state: 'archived' | 'removed'): Promise<void> {
    const now = new Date(this.#now()).toISOString();
    await this.#database.write(async (transaction) => {
      const rows = await transaction.sql`
        UPDATE asset SET original = NULL, original_id = NULL, original_state = ${state}, updated_at = ${now}
        WHERE id = ${assetId} AND original_id = ${original.id} AND ${isAtRest} RETURNING id`;
      if (rows.length === 0) return;
      const runIds = await runsOfAsset(transaction, assetId);
      await letGoOfFiles(transaction, { workspaceId, ids: [original.id], runIds });
    });
  }
}
