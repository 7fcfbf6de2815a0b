import type { Asset, AssetSummary } from '@imaginarium/protocol';
import { validate } from 'uuid';
import type { AssetList, NewAsset } from '../../../assets/asset-list.ts';
import { newId } from '../../../new-id.ts';
import { pageOf, readCursor } from '../database/cursor.ts';
import type { Database, Transaction } from '../database/database.ts';
import { asUuid, storableText } from '../database/identifiers.ts';
import { fragment } from '../database/sql.ts';
import {
  type AssetRow,
  assetColumns,
  assetOf,
  letGoOfFiles,
  runsOfAsset,
  type VersionRow,
  versionColumns,
  versionOf,
  versionTables,
} from './asset-rows.ts';

/** The assets of one workspace, in the database. */
export class SqlAssetList implements AssetList {
  readonly #database: Database;
  readonly #workspaceId: string;
  readonly #now: () => number;

  constructor(database: Database, workspaceId: string, now: () => number = Date.now) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#now = now;
  }

  async list({ q = '', sourceApp, sourceId, tier, limit, cursor }: Parameters<AssetList['list']>[0]) {
    const place = cursor === undefined ? undefined : readCursor(cursor, validate);
    const like = `%${q.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
    const ofTier = fragment`
      AND EXISTS (SELECT 1 FROM asset_version v WHERE v.asset_id = a.id AND v.tier = ${tier ?? ''})`;
    return this.#database.read(async (transaction) => {
      const rows = await transaction.sql<AssetRow>`
        SELECT ${assetColumns} FROM asset a WHERE a.workspace_id = ${this.#workspaceId}
        ${q === '' ? fragment`` : fragment`AND lower(a.name) LIKE lower(${like}) ESCAPE '\\'`}
        ${sourceApp === undefined ? fragment`` : fragment`AND a.source_app = ${sourceApp}`}
        ${sourceId === undefined ? fragment`` : fragment`AND a.source_id = ${sourceId}`}
        ${tier ? ofTier : fragment``}
        ${place ? fragment`AND (a.created_at, a.id) < (${place.createdAt}, ${place.id})` : fragment``}
        ORDER BY a.created_at DESC, a.id DESC LIMIT ${limit + 1}`;
      const { page, nextCursor } = pageOf(rows, limit, (row) => ({ createdAt: row.created_at, id: row.id }));
      return { assets: await withNewest(transaction, page), nextCursor };
    });
  }

  get(id: string): Promise<Asset | undefined> {
    return this.#database.read((transaction) => this.#find(transaction, id));
  }

  register(asset: NewAsset): Promise<Asset> {
    if (asset.name !== undefined) storableText('name', asset.name);
    return this.#database.write(async (transaction) => {
      const { id } = await registerAsset(transaction, this.#workspaceId, asset, this.#moment());
      const registered = await this.#find(transaction, id);
      if (!registered) throw new Error(`Asset ${id} was neither stored nor there already.`);
      return registered;
    });
  }

  rename(id: string, name: string): Promise<Asset | undefined> {
    const assetId = asUuid(id);
    storableText('name', name);
    if (!assetId) return Promise.resolve(undefined);
    return this.#database.write(async (transaction) => {
      await transaction.sql`
        UPDATE asset SET name = ${name}, updated_at = ${this.#moment()}
        WHERE id = ${assetId} AND workspace_id = ${this.#workspaceId}`;
      return this.#find(transaction, assetId);
    });
  }

  delete(id: string): Promise<boolean> {
    const assetId = asUuid(id);
    if (!assetId) return Promise.resolve(false);
    return this.#database.write(async (transaction) => {
      const { sql } = transaction;
      // Its row first: a version that comes at the same moment waits for it, and then finds it gone.
      const [row] = await sql<{ original_id: string | null }>`
        UPDATE asset SET updated_at = updated_at WHERE id = ${assetId} AND workspace_id = ${this.#workspaceId}
        RETURNING original_id`;
      if (!row) return false;
      const versions = await sql<{ file_id: string | null }>`
        SELECT file_id FROM asset_version WHERE asset_id = ${assetId}`;
      const runIds = await runsOfAsset(transaction, assetId);
      await sql`DELETE FROM asset WHERE id = ${assetId} AND workspace_id = ${this.#workspaceId}`;
      const named = [row.original_id, ...versions.map(({ file_id }) => file_id)].filter((file) => file !== null);
      await letGoOfFiles(transaction, { workspaceId: this.#workspaceId, ids: [...new Set(named)], runIds });
      return true;
    });
  }

  #moment(): string {
    return new Date(this.#now()).toISOString();
  }

  async #find({ sql }: Transaction, id: string): Promise<Asset | undefined> {
    const assetId = asUuid(id);
    if (!assetId) return undefined;
    const [row] = await sql<AssetRow>`
      SELECT ${assetColumns} FROM asset a WHERE a.id = ${assetId} AND a.workspace_id = ${this.#workspaceId}`;
    if (!row) return undefined;
    const versions = await sql<VersionRow>`
      SELECT ${versionColumns} FROM ${versionTables} WHERE v.asset_id = ${row.id} ORDER BY v.number DESC`;
    return { ...assetOf(row), versions: versions.map(versionOf) };
  }
}

/** Stores an asset, or its new original where its source is known already. */
export async function registerAsset(
  transaction: Transaction,
  workspaceId: string,
  asset: NewAsset,
  now: string,
): Promise<RegisteredAsset> {
  const { sql } = transaction;
  const { original, name, sourceApp = null, sourceId = null } = asset;
  const known = await findKnown(transaction, workspaceId, asset);
  const text = JSON.stringify(original);
  if (!known) {
    const id = newId();
    const [row] = await sql<{ id: string }>`
      INSERT INTO asset (
        id, workspace_id, name, source_app, source_id, original, original_id, original_state, created_at, updated_at
      ) VALUES (
        ${id}, ${workspaceId}, ${name ?? original.name}, ${sourceApp}, ${sourceId}, ${text}, ${original.id}, 'kept', ${now}, ${now}
      ) ON CONFLICT (workspace_id, source_app, source_id) WHERE source_id IS NOT NULL DO NOTHING RETURNING id`;
    if (row) return { id: row.id, before: null };
    // The same source was registered at the same moment.
    return registerAsset(transaction, workspaceId, asset, now);
  }
  await sql`
    UPDATE asset SET original = ${text}, original_id = ${original.id}, original_state = 'kept',
      original_since = ${known.original_id === original.id ? fragment`original_since` : fragment`${now}`},
      name = COALESCE(${name ?? null}, name), updated_at = ${now}
    WHERE id = ${known.id}`;
  if (known.original_id !== null && known.original_id !== original.id) {
    const runIds = await runsOfAsset(transaction, known.id);
    await letGoOfFiles(transaction, { workspaceId, ids: [known.original_id], runIds });
  }
  const { id, ...before } = known;
  return { id, before };
}

/**
 * Gives an asset back the original that it had before a registration that came to nothing, or removes it where it was made for that; unless it
 * has got another one since.
 */
export async function putBackOriginal(
  { sql }: Pick<Transaction, 'sql'>,
  id: string,
  { before, by }: ReplacedOriginal,
): Promise<void> {
  if (before)
    await sql`
      UPDATE asset SET original = ${before.original}, original_id = ${before.original_id}, original_state = ${before.original_state},
        original_since = ${before.original_since}, name = ${before.name}
      WHERE id = ${id} AND original_id = ${by}`;
  else
    await sql`
      DELETE FROM asset WHERE id = ${id} AND original_id = ${by}
        AND NOT EXISTS (SELECT 1 FROM asset_version v WHERE v.asset_id = asset.id)`;
}

/** An asset that was registered, with what it had before where it was known already. */
export interface RegisteredAsset {
  id: string;
  before: OriginalColumns | null;
}

/** What an asset had, null where it was made then, and the id of the original that took its place. */
export interface ReplacedOriginal {
  before: OriginalColumns | null;
  by: string;
}

export interface OriginalColumns {
  name: string;
  original: string | null;
  original_id: string | null;
  original_state: string;
  original_since: string;
}

/** Finds the asset of a source, or of a picture that came without an id, and holds on to its row until the transaction ends. */
async function findKnown(
  { sql }: Transaction,
  workspaceId: string,
  { original, sourceApp = '', sourceId }: NewAsset,
): Promise<({ id: string } & OriginalColumns) | undefined> {
  const isIt =
    sourceId === undefined
      ? fragment`source_id IS NULL AND COALESCE(source_app, '') = ${sourceApp} AND original_id = ${original.id}`
      : fragment`source_app = ${sourceApp} AND source_id = ${sourceId}`;
  const [row] = await sql<{ id: string } & OriginalColumns>`
    UPDATE asset SET updated_at = updated_at
    WHERE id = (SELECT id FROM asset WHERE workspace_id = ${workspaceId} AND ${isIt} ORDER BY created_at, id LIMIT 1)
    RETURNING id, name, original, original_id, original_state, original_since`;
  return row;
}

/** Assets as lists show them: with the newest version of each. */
async function withNewest({ sql }: Transaction, rows: readonly AssetRow[]): Promise<AssetSummary[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const newest = await sql<VersionRow & { version_count: number }>`
    SELECT ${versionColumns}, n.version_count FROM ${versionTables} JOIN (
      SELECT asset_id, MAX(number) AS number, CAST(COUNT(*) AS integer) AS version_count
      FROM asset_version WHERE asset_id IN (${ids}) GROUP BY asset_id
    ) n ON n.asset_id = v.asset_id AND n.number = v.number`;
  const of = new Map(newest.map((row) => [row.asset_id, row]));
  return rows.map((row) => {
    const version = of.get(row.id);
    return {
      ...assetOf(row),
      ...{ newestVersion: version ? versionOf(version) : null, versionCount: version?.version_count ?? 0 },
    };
  });
}
