import type { Purchase, Purchases } from '../../../billing/apply-sale.ts';
import type { Database } from '../database/database.ts';
import { tellKeepers } from './tell.ts';

/** Credits that were bought, in the database. */
export class SqlPurchases implements Purchases {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  async note({ id, workspaceId, payment, credits }: Omit<Purchase, 'takenBack'>): Promise<void> {
    await this.#database.write(
      ({ sql }) => sql`
        INSERT INTO billing_purchase (id, workspace_id, payment, credits, created_at)
        VALUES (${id}, ${workspaceId}, ${payment}, ${credits}, ${new Date(this.#now()).toISOString()})
        ON CONFLICT (id) DO NOTHING`,
    );
  }

  async byPayment(payment: string): Promise<Purchase | undefined> {
    const [row] = await this.#database.read(
      ({ sql }) => sql<{ id: string; workspace_id: string; credits: number; taken_back: number }>`
        SELECT id, workspace_id, credits, taken_back FROM billing_purchase WHERE payment = ${payment}`,
    );
    return (
      row && { id: row.id, workspaceId: row.workspace_id, payment, credits: row.credits, takenBack: row.taken_back }
    );
  }

  async noteTakenBack({ id, workspaceId, takenBack }: Purchase, { due, taken }: { due: number; taken: number }) {
    const missing = due - takenBack - taken;
    const now = new Date(this.#now()).toISOString();
    await this.#database.write(async (transaction) => {
      const noted = await transaction.sql`
        UPDATE billing_purchase SET taken_back = ${due}, missing = missing + ${missing}
        WHERE id = ${id} AND taken_back < ${due} RETURNING id`;
      if (noted.length === 0 || missing <= 0) return;
      const about = { kind: 'refund-short', purchase: id, taken, missing } as const;
      await tellKeepers(transaction, workspaceId, { subject: `refund-short:${id}:${due}`, about, now });
    });
  }
}
