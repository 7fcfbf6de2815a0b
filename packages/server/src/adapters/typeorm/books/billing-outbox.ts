import type { BillingState } from '@imaginarium/protocol';
import { type BillingOutbox, CustomerTakenError, type DueReport, type ReportOutcome } from '../../../billing/outbox.ts';
import type { Database, Transaction } from '../database/database.ts';
import { storableText } from '../database/identifiers.ts';

/** How long a report is its sender's. */
const CLAIM_MS = 60_000;
/** A run that ended so long ago is surely stored: older ones are not looked through again. */
const OVERLAP_MS = 3_600_000;
/** The service tells repeats for a day; a little less is safe. */
const KNOWN_MS = 23 * 3_600_000;
const TOO_LATE =
  'It was sent, and nobody knows whether it arrived. It is too late to send it again: the service would count it twice if it did. Compare with the service.';
/** Reports that are listed because they wait for a person. */
const LISTED = 50;
const ERROR_LENGTH = 1000;

interface ReportRow {
  id: string;
  workspace_id: string;
  credits: number;
  used_at: string;
  attempts: number;
}

/** What has to be billed, in the database beside the ledger that it is taken from. */
export class SqlBillingOutbox implements BillingOutbox {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  gather(): Promise<number> {
    const now = this.#moment();
    const surely = this.#moment(-OVERLAP_MS);
    return this.#database.write(async ({ sql }) => {
      // What a wallet paid was bought before: only what was counted is billed.
      const runs = await sql`
        INSERT INTO billing_report (id, workspace_id, credits, used_at, next_at)
        SELECT r.run_id, r.workspace_id, r.spent, r.resolved_at, ${now} FROM credit_reservation r
        JOIN billing_customer c ON c.workspace_id = r.workspace_id
        WHERE r.account = 'source' AND r.spent > 0 AND r.resolved_at >= c.gathered_until
        ON CONFLICT (id) DO NOTHING RETURNING id`;
      // What is no charge has an index of its own, which a statement has to name.
      const refunds = await sql`
        INSERT INTO billing_report (id, workspace_id, credits, used_at, next_at)
        SELECT t.id, t.workspace_id, -t.amount, t.created_at, ${now} FROM credit_transfer t
        JOIN billing_customer c ON c.workspace_id = t.workspace_id
        WHERE t.kind = 'refund' AND t.kind <> 'charge' AND t.to_account = 'source' AND t.created_at >= c.gathered_until
          AND EXISTS (SELECT 1 FROM billing_report b WHERE b.id = t.run_id)
        ON CONFLICT (id) DO NOTHING RETURNING id`;
      await sql`UPDATE billing_customer SET gathered_until = ${surely} WHERE gathered_until < ${surely}`;
      return runs.length + refunds.length;
    });
  }

  next(): Promise<DueReport | undefined> {
    const now = this.#moment();
    return this.#database.write(async ({ sql }) => {
      await sql`
        UPDATE billing_report SET state = 'unknown', error = ${TOO_LATE}, settled_at = ${now}
        WHERE state = 'due' AND next_at <= ${now} AND in_doubt_since < ${this.#moment(-KNOWN_MS)}`;
      const [row] = await sql<ReportRow>`
        UPDATE billing_report SET attempts = attempts + 1, next_at = ${this.#moment(CLAIM_MS)},
          in_doubt_since = COALESCE(in_doubt_since, ${now})
        WHERE state = 'due' AND next_at <= ${now} AND id = (
          SELECT b.id FROM billing_report b JOIN billing_customer c ON c.workspace_id = b.workspace_id
          WHERE b.state = 'due' AND b.next_at <= ${now} ORDER BY b.next_at, b.used_at, b.id LIMIT 1
        ) RETURNING id, workspace_id, credits, used_at, attempts`;
      const customer = row && (await customerOf(sql, row.workspace_id));
      if (!row || customer === undefined) return undefined;
      return { id: row.id, customer, credits: row.credits, at: row.used_at, attempt: row.attempts };
    });
  }

  async settle(id: string, outcome: ReportOutcome): Promise<void> {
    const now = this.#moment();
    await this.#database.write(async ({ sql }) => {
      if (outcome.kind === 'sent')
        await sql`
          UPDATE billing_report SET state = 'sent', error = NULL, in_doubt_since = NULL, settled_at = ${now}
          WHERE id = ${id} AND state = 'due'`;
      else if (outcome.kind === 'refused')
        await sql`
          UPDATE billing_report SET state = 'refused', error = ${errorText(outcome.error)}, settled_at = ${now}
          WHERE id = ${id} AND state = 'due'`;
      else await this.#putOff(sql, id, outcome);
    });
  }

  async #putOff(sql: Transaction['sql'], id: string, outcome: ReportOutcome & { kind: 'later' }): Promise<void> {
    const [row] = await sql<{ next_at: string; in_doubt_since: string | null }>`
      SELECT next_at, in_doubt_since FROM billing_report WHERE id = ${id} AND state = 'due'`;
    if (!row) return;
    // This try leaves no doubt behind; one before it may have.
    const begun = Date.parse(row.next_at) - CLAIM_MS;
    const isOwn = row.in_doubt_since !== null && Date.parse(row.in_doubt_since) === begun;
    const inDoubtSince = !outcome.mayHaveArrived && isOwn ? null : row.in_doubt_since;
    await sql`
      UPDATE billing_report SET next_at = ${this.#moment(outcome.afterMs)}, error = ${errorText(outcome.error)},
        in_doubt_since = ${inDoubtSince}
      WHERE id = ${id}`;
  }

  state(): Promise<BillingState> {
    return this.#database.read(async ({ sql }) => {
      const counts = await sql<{ state: keyof BillingState['reports']; count: number }>`
        SELECT state, CAST(COUNT(*) AS integer) AS count FROM billing_report GROUP BY state`;
      const open = await sql<ReportRow & { name: string; state: 'refused' | 'unknown'; error: string | null }>`
        SELECT b.id, b.workspace_id, w.name, b.credits, b.used_at, b.state, b.error FROM billing_report b
        JOIN workspace w ON w.id = b.workspace_id
        WHERE b.state IN ('refused', 'unknown') ORDER BY b.used_at DESC, b.id LIMIT ${LISTED}`;
      const customers = await sql<{ workspace_id: string; name: string; customer_id: string }>`
        SELECT c.workspace_id, w.name, c.customer_id FROM billing_customer c
        JOIN workspace w ON w.id = c.workspace_id ORDER BY lower(w.name), w.id`;
      const short = await sql<{ id: string; workspace_id: string; name: string; missing: number }>`
        SELECT p.id, p.workspace_id, w.name, p.missing FROM billing_purchase p JOIN workspace w ON w.id = p.workspace_id
        WHERE p.missing > 0 ORDER BY p.created_at DESC, p.id LIMIT ${LISTED}`;
      const reports = { due: 0, sent: 0, refused: 0, unknown: 0 };
      for (const { state, count } of counts) reports[state] = count;
      return {
        reports,
        open: open.map(({ id, workspace_id, name, credits, used_at, state, error }) => {
          return { id, workspaceId: workspace_id, name, credits, usedAt: used_at, state, error };
        }),
        short: short.map(({ id, workspace_id, name, missing }) => {
          return { purchase: id, workspaceId: workspace_id, name, missing };
        }),
        customers: customers.map(({ workspace_id, name, customer_id }) => {
          return { workspaceId: workspace_id, name, customerId: customer_id };
        }),
      };
    });
  }

  async setCustomer(workspaceId: string, customer: string | null): Promise<void> {
    const now = this.#moment();
    await this.#database.write(async ({ sql }) => {
      if (customer === null) {
        await sql`DELETE FROM billing_customer WHERE workspace_id = ${workspaceId}`;
        return;
      }
      const id = storableText('customerId', customer);
      const [other] = await sql<{ workspace_id: string }>`
        SELECT workspace_id FROM billing_customer WHERE customer_id = ${id} AND workspace_id <> ${workspaceId}`;
      if (other) throw new CustomerTakenError(id);
      await sql`
        INSERT INTO billing_customer (workspace_id, customer_id, gathered_until) VALUES (${workspaceId}, ${id}, ${now})
        ON CONFLICT (workspace_id) DO UPDATE SET customer_id = excluded.customer_id`;
      await sql`
        UPDATE billing_report SET state = 'due', next_at = ${now}, attempts = 0, settled_at = NULL
        WHERE workspace_id = ${workspaceId} AND state = 'refused'`;
    });
  }

  customerOf(workspaceId: string): Promise<string | undefined> {
    return this.#database.read(({ sql }) => customerOf(sql, workspaceId));
  }

  #moment(laterMs = 0): string {
    return new Date(this.#now() + laterMs).toISOString();
  }
}

async function customerOf(sql: Transaction['sql'], workspaceId: string): Promise<string | undefined> {
  const [row] = await sql<{ customer_id: string }>`
    SELECT customer_id FROM billing_customer WHERE workspace_id = ${workspaceId}`;
  return row?.customer_id;
}

/** What the service said, in a form that both databases keep. */
function errorText(text: string): string {
  return text.replaceAll('\0', '').slice(0, ERROR_LENGTH);
}
