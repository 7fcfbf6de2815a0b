import type { NoticeAbout } from '@imaginarium/protocol';
import type { DeliveryOutcome, DueDelivery, WebhookOutbox } from '../../../webhooks/webhook-outbox.ts';
import { tellKeepers } from '../books/tell.ts';
import type { Database, Transaction } from '../database/database.ts';

/** How long a delivery is its sender's. */
const CLAIM_MS = 60_000;
const ERROR_LENGTH = 1000;

/** What other applications have to be told, in the database: written there with what it tells of. */
export class SqlWebhookOutbox implements WebhookOutbox {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  async next(): Promise<DueDelivery | undefined> {
    const now = this.#moment();
    const [due] = await this.#database.read(
      ({ sql }) => sql`SELECT id FROM webhook_delivery WHERE state = 'due' AND next_at <= ${now} LIMIT 1`,
    );
    if (!due) return undefined;
    const [row] = await this.#database.write(
      ({ sql }) => sql<{ id: string; workspace_id: string; url: string; body: string; attempts: number }>`
        UPDATE webhook_delivery SET attempts = attempts + 1, next_at = ${this.#moment(CLAIM_MS)}
        WHERE state = 'due' AND next_at <= ${now} AND id = (
          SELECT id FROM webhook_delivery WHERE state = 'due' AND next_at <= ${now} ORDER BY next_at, id LIMIT 1
        ) RETURNING id, workspace_id, url, body, attempts`,
    );
    if (!row) return undefined;
    const { id, workspace_id: workspaceId, url, body, attempts: attempt } = row;
    return { id, workspaceId, url, body, attempt };
  }

  async settle(id: string, outcome: DeliveryOutcome): Promise<void> {
    const [state, nextAt] = outcome.kind === 'later' ? ['due', this.#moment(outcome.afterMs)] : [outcome.kind, null];
    const error = outcome.kind === 'sent' ? null : outcome.error.replaceAll('\0', '').slice(0, ERROR_LENGTH);
    await this.#database.write(async (transaction) => {
      const [row] = await transaction.sql<SettledRow>`
        UPDATE webhook_delivery SET state = ${state}, next_at = ${nextAt}, error = ${error}
        WHERE id = ${id} AND state = 'due' RETURNING workspace_id, version_id, url, attempts`;
      if (row && outcome.kind === 'dead') await tellDead(transaction, { ...row, error: error ?? '' }, this.#moment());
    });
  }

  #moment(laterMs = 0): string {
    return new Date(this.#now() + laterMs).toISOString();
  }
}

interface SettledRow {
  workspace_id: string;
  version_id: string;
  url: string;
  attempts: number;
}

/** Tells those who look after a workspace that an application could not be told, with each time that it is given up. */
async function tellDead(
  transaction: Transaction,
  { workspace_id, version_id, url, attempts, error }: SettledRow & { error: string },
  now: string,
): Promise<void> {
  const [asset] = await transaction.sql<{ id: string; name: string }>`
    SELECT a.id, a.name FROM asset_version v JOIN asset a ON a.id = v.asset_id WHERE v.id = ${version_id}`;
  if (!asset) return;
  const about: NoticeAbout = {
    ...{ kind: 'webhook-dead', assetId: asset.id, assetName: asset.name, versionId: version_id },
    ...{ host: new URL(url).host, attempts, message: error },
  };
  await tellKeepers(transaction, workspace_id, { subject: `webhook-dead:${version_id}:${now}`, about, now });
}
