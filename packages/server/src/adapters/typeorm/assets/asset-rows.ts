import {
  type Asset,
  type AssetVersion,
  type FileRef,
  isTerminal,
  type RunState,
  type UpscaleTier,
} from '@imaginarium/protocol';
import type { Transaction } from '../database/database.ts';
import { fragment } from '../database/sql.ts';

/** A row of `asset` as SQL gives it. */
export interface AssetRow {
  id: string;
  name: string;
  source_app: string | null;
  source_id: string | null;
  original: string | null;
  original_state: Asset['originalState'];
  created_at: string;
  updated_at: string;
}

/** A row of `asset_version`, with the state of its run. */
export interface VersionRow {
  id: string;
  asset_id: string;
  number: number;
  tier: UpscaleTier;
  run_id: string;
  state: RunState | null;
  run_state: RunState | null;
  credits_quoted: number;
  credits_spent: number;
  estimate_ms: number;
  file: string | null;
  error: string | null;
  left_out: string;
  created_at: string;
  ended_at: string | null;
}

/** The columns of {@link AssetRow}, of a table called `a`. */
export const assetColumns = fragment`
  a.id, a.name, a.source_app, a.source_id, a.original, a.original_state, a.created_at, a.updated_at`;

/** What {@link VersionRow} is read from: versions as `v`, and their runs as far as they are there. */
export const versionColumns = fragment`
  v.id, v.asset_id, v.number, v.tier, v.run_id, v.state, r.state AS run_state, v.credits_quoted, v.credits_spent, v.estimate_ms, v.file, v.error, v.left_out,
  v.created_at, v.ended_at`;
export const versionTables = fragment`asset_version v LEFT JOIN run r ON r.id = v.run_id`;

/** What all answers about an asset have. */
export function assetOf(row: AssetRow): Omit<Asset, 'versions'> {
  return {
    ...{ id: row.id, name: row.name, kind: 'image', sourceApp: row.source_app, sourceId: row.source_id },
    ...{ original: row.original === null ? null : JSON.parse(row.original), originalState: row.original_state },
    ...{ createdAt: row.created_at, updatedAt: row.updated_at },
  };
}

export function versionOf(row: VersionRow): AssetVersion {
  const file: FileRef | null = row.file === null ? null : JSON.parse(row.file);
  return {
    ...{ id: row.id, number: row.number, tier: row.tier, state: stateOf(row), runId: row.run_id },
    ...{
      file,
      width: file?.width ?? null,
      height: file?.height ?? null,
      credits: row.ended_at === null ? row.credits_quoted : row.credits_spent,
    },
    ...{ createdAt: row.created_at, endedAt: row.ended_at },
    error: row.error === null ? null : JSON.parse(row.error),
    leftOut: JSON.parse(row.left_out),
  };
}

/** A version ends a moment after its run, with its result: until then it is at work. */
function stateOf({ state, run_state }: VersionRow): RunState {
  if (state) return state;
  return run_state && isTerminal(run_state) ? 'running' : (run_state ?? 'queued');
}

/**
 * Lets go of files that no asset names any more: as files of runs, they go with the last that names them. The runs that made the asset's
 * versions do not count as naming them: they may be kept for ever, and made them for nothing else.
 * @param ids of files that an asset has just ceased to name.
 */
export async function letGoOfFiles(
  { sql }: Pick<Transaction, 'sql'>,
  { workspaceId, ids, runIds }: { workspaceId: string; ids: readonly string[]; runIds: readonly string[] },
): Promise<void> {
  if (ids.length === 0) return;
  const free = await sql<{ id: string }>`
    UPDATE file SET made_by_run = 1 WHERE workspace_id = ${workspaceId} AND id IN (${ids}) AND ${isUnnamedByAssets}
    RETURNING id`;
  if (free.length === 0 || runIds.length === 0) return;
  await sql`
    DELETE FROM file_use
    WHERE workspace_id = ${workspaceId} AND file_id IN (${free.map(({ id }) => id)}) AND run_id IN (${runIds})`;
}

/** The runs that made, or make, the versions of an asset. */
export async function runsOfAsset({ sql }: Pick<Transaction, 'sql'>, assetId: string): Promise<string[]> {
  const rows = await sql<{ run_id: string }>`SELECT run_id FROM asset_version WHERE asset_id = ${assetId}`;
  return rows.map(({ run_id }) => run_id);
}

/** Holds for rows of `file` that no asset has as its original, or may get back as such, and no version as its file. */
export const isUnnamedByAssets = fragment`
  NOT EXISTS (SELECT 1 FROM asset a WHERE a.workspace_id = file.workspace_id AND a.original_id = file.id)
  AND NOT EXISTS (SELECT 1 FROM asset_version v WHERE v.workspace_id = file.workspace_id AND v.file_id = file.id)
  AND NOT EXISTS (SELECT 1 FROM asset_version v WHERE v.workspace_id = file.workspace_id AND v.replaced_id = file.id)`;
