import type { EndedUpscales } from '../../../assets/ended-upscales.ts';
import type { UpscaleResult } from '../../../assets/upscale-results.ts';
import type { Database, Transaction } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import { isWithoutRun, readUpscales, withdrawVersions } from './upscales.ts';

/** Versions whose runs have ended, in the database. */
export class SqlEndedUpscales implements EndedUpscales {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  async list(limit: number): Promise<{ runId: string; places: number[] }[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<{ run_id: string; place: number }>`
        SELECT v.run_id, v.place FROM asset_version v JOIN run r ON r.id = v.run_id
        WHERE v.ended_at IS NULL AND r.finished_at IS NOT NULL ORDER BY v.created_at, v.run_id, v.place LIMIT ${limit}`,
    );
    const places = Map.groupBy(rows, ({ run_id }) => run_id);
    return [...places].map(([runId, versions]) => ({ runId, places: versions.map(({ place }) => place) }));
  }

  async end(runId: string, results: ReadonlyMap<number, UpscaleResult>): Promise<void> {
    const now = new Date(this.#now()).toISOString();
    // One after the other: who holds on to one asset at a time waits for nobody in a circle.
    for (const [place, result] of results)
      await this.#database.write((transaction) => endVersion(transaction, { runId, place, now }, result));
  }

  async removeNeverAccepted(begunBefore: string): Promise<number> {
    const isLost = fragment`created_at < ${begunBefore} AND ${isWithoutRun}`;
    const [some] = await this.#database.read(
      ({ sql }) => sql`SELECT id FROM asset_version WHERE ended_at IS NULL AND ${isLost} LIMIT 1`,
    );
    return some ? this.#database.write((transaction) => withdrawVersions(transaction, isLost)) : 0;
  }
}

async function endVersion(
  transaction: Transaction,
  { runId, place, now }: { runId: string; place: number; now: string },
  result: UpscaleResult,
): Promise<void> {
  const { sql } = transaction;
  const [open] = await sql<{ workspace_id: string }>`
    SELECT workspace_id FROM asset_version WHERE run_id = ${runId} AND place = ${place} AND ended_at IS NULL`;
  if (!open) return;
  const { state, file, error, leftOut, credits } = await withFile(transaction, open.workspace_id, result);
  const [row] = await sql<{ id: string; asset_id: string }>`
    UPDATE asset_version SET state = ${state}, file = ${file && JSON.stringify(file)}, file_id = ${file?.id ?? null},
      error = ${error && JSON.stringify(error)}, left_out = ${JSON.stringify(leftOut)}, credits_spent = ${credits},
      ended_at = ${now}, replaced = NULL, replaced_id = NULL
    WHERE run_id = ${runId} AND place = ${place} AND ended_at IS NULL RETURNING id, asset_id`;
  if (!row) return;
  await sql`UPDATE asset SET updated_at = ${now} WHERE id = ${row.asset_id}`;
  const [webhook] = await sql`SELECT id FROM webhook_delivery WHERE version_id = ${row.id} AND state = 'waiting'`;
  if (!webhook) return;
  const [found] = await readUpscales(transaction, fragment`v.id = ${row.id}`);
  if (!found) throw new Error(`The version ${row.id} has no asset.`);
  const { asset, version, statusUrl } = found.upscale;
  const body = JSON.stringify({ type: 'upscale.ended', timestamp: now, data: { asset, version, statusUrl } });
  await sql`
    UPDATE webhook_delivery SET state = 'due', body = ${body}, next_at = ${now} WHERE version_id = ${row.id}`;
}

/** A result whose file the workspace owns; one that it owns no longer, such as that of a run from before a backup, is a failure. */
async function withFile({ sql }: Transaction, workspaceId: string, result: UpscaleResult): Promise<UpscaleResult> {
  if (!result.file) return result;
  const { id, name } = result.file;
  const rows = await sql`SELECT id FROM file WHERE workspace_id = ${workspaceId} AND id = ${id}`;
  if (rows.length > 0) return result;
  const message = `${name} is not here any more. Upscale it again.`;
  return { ...result, state: 'failed', file: null, error: { code: 'file-missing', message } };
}
