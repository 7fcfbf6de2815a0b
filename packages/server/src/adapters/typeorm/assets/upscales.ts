import type { Upscale, WebhookState } from '@imaginarium/protocol';
import { upscaleUrl } from '../../../assets/status-url.ts';
import type { BegunUpscales, NewUpscale, NewUpscales, UpscaleItem, UpscaleList } from '../../../assets/upscale-list.ts';
import { newId } from '../../../new-id.ts';
import type { Database, Transaction } from '../database/database.ts';
import { asUuid } from '../database/identifiers.ts';
import { type Fragment, fragment } from '../database/sql.ts';
import { type AssetRow, assetOf, type VersionRow, versionColumns, versionOf, versionTables } from './asset-rows.ts';
import { putBackOriginal, type ReplacedOriginal, registerAsset } from './assets.ts';

/** The upscales of one workspace, in the database. */
export class SqlUpscaleList implements UpscaleList {
  readonly #database: Database;
  readonly #workspaceId: string;
  readonly #now: () => number;

  constructor(database: Database, workspaceId: string, now: () => number = Date.now) {
    this.#database = database;
    this.#workspaceId = workspaceId;
    this.#now = now;
  }

  async begin({ runId, tier, leftOut, estimateMs, pictures, webhookUrl }: NewUpscales): Promise<BegunUpscales> {
    const now = new Date(this.#now()).toISOString();
    await this.#database.write(async (transaction) => {
      const { sql } = transaction;
      for (const { place, item, asset, credits } of inOneOrder(pictures)) {
        const { assetId, replaced } = await this.#assetFor(transaction, asset, now);
        // Its row first: of two that count at the same moment, one waits.
        await sql`UPDATE asset SET updated_at = ${now} WHERE id = ${assetId} AND workspace_id = ${this.#workspaceId}`;
        const id = newId();
        await sql`
          INSERT INTO asset_version (
            id, workspace_id, asset_id, number, tier, run_id, place, item, credits_quoted, estimate_ms, left_out, replaced, replaced_id,
            created_at
          ) VALUES (
            ${id}, ${this.#workspaceId}, ${assetId},
            (SELECT COALESCE(MAX(number), 0) + 1 FROM asset_version n WHERE n.asset_id = ${assetId}),
            ${tier}, ${runId}, ${place}, ${item}, ${credits}, ${Math.round(estimateMs)}, ${JSON.stringify(leftOut)},
            ${replaced && JSON.stringify(replaced)}, ${replaced?.before?.original_id ?? null}, ${now}
          )`;
        if (webhookUrl !== null)
          await sql`
            INSERT INTO webhook_delivery (id, workspace_id, version_id, url, state)
            VALUES (${newId()}, ${this.#workspaceId}, ${id}, ${webhookUrl}, 'waiting')`;
      }
    });
    return {
      withdraw: () =>
        this.#database.write(async (transaction) => {
          // Nobody may know whether it was accepted, when the database went away in that moment: what has a run keeps it.
          const which = fragment`run_id = ${runId} AND workspace_id = ${this.#workspaceId} AND ${isWithoutRun}`;
          await withdrawVersions(transaction, which);
        }),
    };
  }

  async get(versionId: string): Promise<Upscale | undefined> {
    const id = asUuid(versionId);
    return id === undefined ? undefined : (await this.#find(fragment`v.id = ${id}`))[0]?.upscale;
  }

  async ofRun(runId: string): Promise<UpscaleItem[]> {
    const id = asUuid(runId);
    return id === undefined ? [] : this.#find(fragment`v.run_id = ${id}`);
  }

  async webhooksOf(assetId: string): Promise<(WebhookState & { versionId: string })[]> {
    const id = asUuid(assetId);
    const found = id === undefined ? [] : await this.#find(fragment`v.asset_id = ${id} AND d.id IS NOT NULL`);
    return found.flatMap(({ upscale: { version, webhook } }) =>
      webhook ? [{ versionId: version.id, ...webhook }] : [],
    );
  }

  async sendAgain(versionId: string): Promise<void> {
    const now = new Date(this.#now()).toISOString();
    await this.#database.write(
      ({ sql }) => sql`
        UPDATE webhook_delivery SET state = 'due', attempts = 0, next_at = ${now}, error = NULL
        WHERE version_id = ${versionId} AND workspace_id = ${this.#workspaceId} AND state <> 'waiting'`,
    );
  }

  async #assetFor(
    transaction: Transaction,
    asset: NewUpscale['asset'],
    now: string,
  ): Promise<{ assetId: string; replaced: ReplacedOriginal | null }> {
    if ('id' in asset) return { assetId: asset.id, replaced: null };
    const { id, before } = await registerAsset(transaction, this.#workspaceId, asset, now);
    return { assetId: id, replaced: { before, by: asset.original.id } };
  }

  #find(which: Fragment): Promise<UpscaleItem[]> {
    return this.#database.read((transaction) =>
      readUpscales(transaction, fragment`v.workspace_id = ${this.#workspaceId} AND ${which}`),
    );
  }
}

/** Whoever holds on to several assets does so in the same order: two requests that name the same ones do not wait for each other. */
function inOneOrder(pictures: readonly NewUpscale[]): NewUpscale[] {
  const keyOf = ({ asset }: NewUpscale) =>
    'id' in asset ? asset.id : [asset.sourceApp, asset.sourceId, asset.original.id].join(' ');
  return pictures.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Reads upscales, those of a run in its order. @param which holds for versions, called `v`. */
export async function readUpscales({ sql }: Pick<Transaction, 'sql'>, which: Fragment): Promise<UpscaleItem[]> {
  const rows = await sql<{ place: number; item: number } & VersionRow & AssetColumns & WebhookColumns>`
    SELECT ${versionColumns}, v.place, v.item, a.id AS a_id, a.name AS a_name, a.source_app AS a_source_app, a.source_id AS a_source_id,
      a.original AS a_original, a.original_state AS a_original_state, a.created_at AS a_created_at, a.updated_at AS a_updated_at,
      d.url AS d_url, d.state AS d_state, d.attempts AS d_attempts, d.next_at AS d_next_at, d.error AS d_error
    FROM ${versionTables} JOIN asset a ON a.id = v.asset_id LEFT JOIN webhook_delivery d ON d.version_id = v.id
    WHERE ${which} ORDER BY v.place`;
  return rows.map((row) => ({
    place: row.place,
    item: row.item,
    upscale: {
      asset: assetOf(assetRowOf(row)),
      version: versionOf(row),
      estimate: { credits: row.credits_quoted, ms: row.estimate_ms },
      statusUrl: upscaleUrl(row.id),
      webhook: webhookOf(row),
    },
  }));
}

/**
 * Removes versions that will never be, and assets that were made for them; others get the original back that they had before.
 * @param which holds for rows of `asset_version`.
 */
export async function withdrawVersions(transaction: Transaction, which: Fragment): Promise<number> {
  const { sql } = transaction;
  const gone = await sql<{ asset_id: string; number: number; replaced: string | null }>`
    DELETE FROM asset_version WHERE ended_at IS NULL AND ${which} RETURNING asset_id, number, replaced`;
  // The last one first: each has what there was before it.
  for (const { asset_id, replaced } of gone.toSorted((one, other) => other.number - one.number)) {
    if (replaced === null) continue;
    const known: ReplacedOriginal = JSON.parse(replaced);
    await putBackOriginal(transaction, asset_id, known);
  }
  return gone.length;
}

/** Holds for rows of `asset_version` whose run was never accepted, or is gone. */
export const isWithoutRun = fragment`NOT EXISTS (SELECT 1 FROM run r WHERE r.id = asset_version.run_id)`;

type Prefixed<Row, Prefix extends string> = { [Key in keyof Row & string as `${Prefix}${Key}`]: Row[Key] };
type AssetColumns = Prefixed<AssetRow, 'a_'>;

interface WebhookColumns {
  d_url: string | null;
  d_state: WebhookState['state'];
  d_attempts: number;
  d_next_at: string | null;
  d_error: string | null;
}

function assetRowOf(row: AssetColumns): AssetRow {
  return {
    ...{ id: row.a_id, name: row.a_name, source_app: row.a_source_app, source_id: row.a_source_id },
    ...{ original: row.a_original, original_state: row.a_original_state },
    ...{ created_at: row.a_created_at, updated_at: row.a_updated_at },
  };
}

function webhookOf(row: WebhookColumns): WebhookState | null {
  if (row.d_url === null) return null;
  const { d_url: url, d_state: state, d_attempts: attempts, d_next_at: nextAt, d_error: error } = row;
  return { url, state, attempts, nextAt: state === 'due' ? nextAt : null, error };
}
