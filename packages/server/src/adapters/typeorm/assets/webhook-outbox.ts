import type { DeliveryOutcome, DueDelivery, WebhookOutbox } from '../../../webhooks/webhook-outbox.ts';
import type { Database } from '../database/database.ts';

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
    await this.#database.write(
      ({ sql }) => sql`
        UPDATE webhook_delivery SET state = ${state}, next_at = ${nextAt}, error = ${error}
        WHERE id = ${id} AND state = 'due'`,
    );
  }

  #moment(laterMs = 0): string {
    return new Date(this.#now() + laterMs).toISOString();
  }
}
