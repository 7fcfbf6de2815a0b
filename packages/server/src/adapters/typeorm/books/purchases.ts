import type { Purchase, Purchases, TakenBack } from '../../../billing/apply-sale.ts';
import type { Database, Transaction } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import type { RunCredits } from './run-credits.ts';
import { tellKeepers } from './tell.ts';
import { SqlWorkspaceCredits } from './workspace-credits.ts';

/** Who the ledger says took credits back. */
const SERVER = 'server';

/** Credits that were bought, in the database. */
export class SqlPurchases implements Purchases {
  readonly #database: Database;
  readonly #runCredits: RunCredits;
  readonly #now: () => number;

  constructor(database: Database, runCredits: RunCredits, now: () => number = Date.now) {
    this.#database = database;
    this.#runCredits = runCredits;
    this.#now = now;
  }

  async note({ id, workspaceId, payment, credits }: Purchase): Promise<void> {
    await this.#database.write(
      ({ sql }) => sql`
        INSERT INTO billing_purchase (id, workspace_id, payment, credits, created_at)
        VALUES (${id}, ${workspaceId}, ${payment}, ${credits}, ${new Date(this.#now()).toISOString()})
        ON CONFLICT (id) DO NOTHING`,
    );
  }

  takeBack({ payment, refunded, of }: { payment: string; refunded: number; of: number }) {
    return this.#database.write(async (transaction): Promise<TakenBack | undefined> => {
      const purchase = await this.#lock(transaction, payment);
      if (!purchase) return undefined;
      const { id, workspaceId, credits } = purchase;
      const due = Math.floor((credits * refunded) / of);
      const amount = due - purchase.takenBack;
      if (amount <= 0) return undefined;
      const taken = await new SqlWorkspaceCredits(
        this.#database,
        workspaceId,
        this.#runCredits,
        this.#now,
      ).withdrawUpTo(transaction, {
        amount,
        actor: SERVER,
        reason: `Money back: ${id}`,
        idempotencyKey: `refund:${id}:${due}`,
      });
      const missing = amount - taken;
      await transaction.sql`
        UPDATE billing_purchase SET taken_back = ${due}, missing = missing + ${missing} WHERE id = ${id}`;
      if (missing > 0) {
        const about = { kind: 'refund-short', purchase: id, taken, missing } as const;
        const now = new Date(this.#now()).toISOString();
        await tellKeepers(transaction, workspaceId, { subject: `refund-short:${id}:${due}`, about, now });
      }
      return { purchase: { id, workspaceId, payment, credits }, taken, missing };
    });
  }

  /** The purchase, which nobody else changes until the transaction ends. */
  async #lock({ sql }: Transaction, payment: string): Promise<(Purchase & { takenBack: number }) | undefined> {
    const forUpdate = this.#database.kind === 'postgres' ? fragment`FOR UPDATE` : fragment``;
    const [row] = await sql<{ id: string; workspace_id: string; credits: number; taken_back: number }>`
      SELECT id, workspace_id, credits, taken_back FROM billing_purchase WHERE payment = ${payment} ${forUpdate}`;
    if (!row) return undefined;
    return { id: row.id, workspaceId: row.workspace_id, payment, credits: row.credits, takenBack: row.taken_back };
  }
}
