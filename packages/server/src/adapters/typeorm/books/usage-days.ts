import type { UsageDays } from '../../../credits/usage.ts';
import type { Database } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import { pendingOf, USAGE_KEY, USAGE_SUMS, usageOf } from './usage-sql.ts';

/** Transfers that one transaction counts: few enough that charges never wait long for it. */
const AT_ONCE = 2000;

/**
 * The figures of days, in the database. Charges are noted as they are written; what is noted is counted and forgotten in one transaction, so
 * that each is counted once, whenever it comes and whoever dies.
 */
export class SqlUsageDays implements UsageDays {
  readonly #database: Database;
  readonly #atOnce: number;

  /** @param atOnce transfers that one transaction counts. */
  constructor(database: Database, atOnce = AT_ONCE) {
    this.#database = database;
    this.#atOnce = atOnce;
  }

  async count(): Promise<number> {
    const { kind } = this.#database;
    const some = await this.#database.read(({ sql }) => sql`SELECT transfer_id FROM usage_pending LIMIT 1`);
    if (some.length === 0) return 0;
    const first = fragment`SELECT transfer_id FROM usage_pending ORDER BY transfer_id LIMIT ${this.#atOnce}`;
    return this.#database.write(async ({ sql }) => {
      if (kind === 'postgres') {
        // Taken and counted by one statement: what others note or take meanwhile is neither lost nor counted twice.
        const rows = await sql<{ taken: number }>`
          WITH taken AS (
            DELETE FROM usage_pending WHERE transfer_id IN (${first} FOR UPDATE SKIP LOCKED) RETURNING transfer_id
          ), counted AS (
            INSERT INTO usage_day (${USAGE_KEY}, ${USAGE_SUMS})
            ${usageOf(kind, fragment`taken JOIN credit_transfer t ON t.id = taken.transfer_id`, fragment``)}
            ORDER BY 1, 2, 3, 4, 5
            ${addUp} RETURNING day
          )
          SELECT COUNT(*)::integer AS taken FROM taken`;
        return rows[0]?.taken ?? 0;
      }
      // Nobody else writes meanwhile: all up to the last of them are those that are taken.
      const [taken] = await sql<{ last: string | null; count: number }>`
        SELECT MAX(transfer_id) AS last, COUNT(*) AS count FROM (${first})`;
      const { last = null, count = 0 } = taken ?? {};
      await sql`
        INSERT INTO usage_day (${USAGE_KEY}, ${USAGE_SUMS})
        ${usageOf(kind, pendingOf(kind), fragment`AND p.transfer_id <= ${last}`)} ${addUp}`;
      await sql`DELETE FROM usage_pending WHERE transfer_id <= ${last}`;
      return count;
    });
  }

  async rebuild(): Promise<number> {
    const { kind } = this.#database;
    const workspaces = await this.#database.read(({ sql }) => sql<{ id: string }>`SELECT id FROM workspace`);
    let days = 0;
    for (const { id } of workspaces)
      days += await this.#database.write(async ({ sql }) => {
        // Charges wait until it is done: one that is written meanwhile would be noted, and counted again.
        if (kind === 'postgres') await sql`LOCK TABLE usage_pending IN EXCLUSIVE MODE`;
        await sql`DELETE FROM usage_day WHERE workspace_id = ${id}`;
        await sql`DELETE FROM usage_pending WHERE workspace_id = ${id}`;
        await sql`
          INSERT INTO usage_day (${USAGE_KEY}, ${USAGE_SUMS})
          ${usageOf(kind, fragment`credit_transfer t`, fragment`AND t.workspace_id = ${id}`)}`;
        const rows = await sql<{ days: number }>`
          SELECT CAST(COUNT(DISTINCT day) AS integer) AS days FROM usage_day WHERE workspace_id = ${id}`;
        return rows[0]?.days ?? 0;
      });
    return days;
  }

  async differences(): Promise<string[]> {
    const { kind } = this.#database;
    const rows = await this.#database.read(
      ({ sql }) => sql<DifferenceRow>`
        SELECT ${USAGE_KEY}, ${total('credits')}, ${total('refunded')}, ${total('steps')}, ${total('items')}, ${total('duration_ms')}
        FROM (
          SELECT 'days' AS side, ${USAGE_KEY}, ${USAGE_SUMS} FROM usage_day
          UNION ALL SELECT 'days', counted.* FROM (${usageOf(kind, pendingOf(kind), fragment``)}) counted
          UNION ALL SELECT 'ledger', booked.* FROM (${usageOf(kind, fragment`credit_transfer t`, fragment``)}) booked
        ) sides
        GROUP BY ${USAGE_KEY}
        HAVING ${differs('credits')} OR ${differs('refunded')} OR ${differs('steps')} OR ${differs('items')}
          OR ${differs('duration_ms')}
        ORDER BY ${USAGE_KEY} LIMIT 1000`,
    );
    return rows.map(inWords);
  }
}

const addUp = fragment`
  ON CONFLICT (${USAGE_KEY}) DO UPDATE SET
    steps = usage_day.steps + excluded.steps, items = usage_day.items + excluded.items,
    credits = usage_day.credits + excluded.credits, refunded = usage_day.refunded + excluded.refunded,
    duration_ms = usage_day.duration_ms + excluded.duration_ms`;

const SUMS = {
  credits: fragment`credits`,
  refunded: fragment`refunded`,
  steps: fragment`steps`,
  items: fragment`items`,
  duration_ms: fragment`duration_ms`,
};
type Sum = keyof typeof SUMS;

function sideOf(sum: Sum, side: 'days' | 'ledger') {
  return fragment`CAST(SUM(CASE side WHEN ${side} THEN ${SUMS[sum]} ELSE 0 END) AS bigint)`;
}

/** Both sides of a sum, as one text for people. */
function total(sum: Sum) {
  return fragment`${sideOf(sum, 'days')} || ' and ' || ${sideOf(sum, 'ledger')} AS ${SUMS[sum]}`;
}

function differs(sum: Sum) {
  return fragment`${sideOf(sum, 'days')} <> ${sideOf(sum, 'ledger')}`;
}

type DifferenceRow = Record<'workspace_id' | 'day' | 'workflow_id' | 'node_type' | 'person' | Sum, string>;

function inWords({ workspace_id, day, workflow_id, node_type, person, ...sums }: DifferenceRow): string {
  const what = (Object.keys(SUMS) as Sum[]).filter((sum) => {
    const [days, ledger] = sums[sum].split(' and ');
    return days !== ledger;
  });
  const place = `The usage of workspace ${workspace_id} on ${day}, workflow ${workflow_id || 'unknown'}, ${node_type || 'no node type'}, person ${person || 'unknown'}`;
  return `${place}: its day and the ledger say ${what.map((sum) => `${sums[sum]} for ${sum.replace('_ms', ' in ms')}`).join(', ')}.`;
}
