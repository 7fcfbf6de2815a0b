import type { Database } from '../database/database.ts';
import { fragment } from '../database/sql.ts';
import { givenTo } from './ceilings.ts';
import { monthOf } from './usage-sql.ts';

/**
 * Asks the database whether the books are right: what must hold of accounts, transfers, entries and reservations whenever nothing is
 * being written.
 * @returns what does not hold, in sentences; empty when all does.
 */
export async function brokenBooks(database: Database): Promise<string[]> {
  const month = monthOf(database.kind, fragment`v.created_at`);
  const rows = await database.read(
    ({ sql }) => sql<{ what: string }>`
      SELECT 'the ' || a.kind || ' of ' || a.workspace_id || ' has ' || a.balance || ', its entries say ' || COALESCE(e.total, 0)
        AS what
      FROM credit_account a
      LEFT JOIN (SELECT workspace_id, account, SUM(amount) AS total FROM credit_entry GROUP BY workspace_id, account) e
        ON e.workspace_id = a.workspace_id AND e.account = a.kind
      WHERE a.balance <> COALESCE(e.total, 0)
      UNION ALL
      SELECT 'the ' || kind || ' of ' || workspace_id || ' is below zero' FROM credit_account
      WHERE reserved < 0 OR (kind <> 'source' AND (balance < 0 OR balance < reserved))
      UNION ALL
      SELECT 'the accounts of ' || workspace_id || ' add up to ' || SUM(balance) FROM credit_account
      GROUP BY workspace_id HAVING SUM(balance) <> 0
      UNION ALL
      SELECT 'the ' || a.kind || ' of ' || a.workspace_id || ' has ' || a.reserved || ' set aside, its reservations say '
        || COALESCE(r.total, 0)
      FROM credit_account a
      LEFT JOIN (
        SELECT workspace_id, account, SUM(amount - spent) AS total FROM credit_reservation WHERE state = 'open'
        GROUP BY workspace_id, account
      ) r ON r.workspace_id = a.workspace_id AND r.account = a.kind
      WHERE a.reserved <> COALESCE(r.total, 0)
      UNION ALL
      SELECT 'the transfer ' || t.id || ' of ' || t.amount || ' has entries of ' || COALESCE(e.low, 0) || ' and ' || COALESCE(e.high, 0)
      FROM credit_transfer t
      LEFT JOIN (
        SELECT transfer_id, MIN(amount) AS low, MAX(amount) AS high, COUNT(*) AS sides FROM credit_entry GROUP BY transfer_id
      ) e ON e.transfer_id = t.id
      WHERE t.amount > 0 AND (COALESCE(e.sides, 0) <> 2 OR e.low <> -t.amount OR e.high <> t.amount)
        OR t.amount = 0 AND e.sides IS NOT NULL
      UNION ALL
      SELECT 'the reservation of ' || r.run_id || ' spent ' || r.spent || ' and refunded ' || r.refunded
        || ', its transfers say ' || COALESCE(t.charged, 0) || ' and ' || COALESCE(t.refunded, 0)
      FROM credit_reservation r
      LEFT JOIN (
        SELECT run_id, SUM(CASE kind WHEN 'charge' THEN amount ELSE 0 END) AS charged,
          SUM(CASE kind WHEN 'refund' THEN amount ELSE 0 END) AS refunded, SUM(exact) AS exact
        FROM credit_transfer WHERE run_id IS NOT NULL GROUP BY run_id
      ) t ON t.run_id = r.run_id
      WHERE r.spent <> COALESCE(t.charged, 0) OR r.refunded <> COALESCE(t.refunded, 0) OR r.spent_exact <> COALESCE(t.exact, 0)
        OR r.spent > r.amount OR r.refunded > r.spent
      UNION ALL
      SELECT 'the month ' || COALESCE(m.month, v.month) || ' of ' || COALESCE(m.workspace_id, v.workspace_id) || ' used '
        || COALESCE(m.used, 0) || ', its runs say ' || COALESCE(v.used, 0)
      FROM credit_month m
      FULL JOIN (
        SELECT v.workspace_id, ${month} AS month, SUM(CASE v.state WHEN 'open' THEN v.amount ELSE v.spent END - v.refunded) AS used
        FROM credit_reservation v GROUP BY 1, 2
      ) v ON v.workspace_id = m.workspace_id AND v.month = m.month
      WHERE COALESCE(m.used, 0) <> COALESCE(v.used, 0)
      UNION ALL
      SELECT 'the run ' || r.id || ' has ended, its credits are still set aside' FROM run r
      JOIN credit_reservation v ON v.run_id = r.id AND v.state = 'open'
      WHERE r.state IN ('succeeded', 'failed', 'cancelled')
      UNION ALL
      SELECT 'the run ' || r.id || ' says it spent ' || r.credits_spent || ', the ledger says ' || v.spent FROM run r
      JOIN credit_reservation v ON v.run_id = r.id
      WHERE r.state IN ('succeeded', 'failed', 'cancelled') AND r.credits_spent <> v.spent
      UNION ALL
      SELECT 'the runs that belong to ' || c.ceiling_run_id || ' were given ' || SUM(${givenTo}) || ', at most ' || MAX(c.most)
        || ' were agreed to'
      FROM credit_ceiling c JOIN credit_reservation v ON v.run_id = c.run_id
      GROUP BY c.ceiling_run_id HAVING SUM(${givenTo}) > MAX(c.most)`,
  );
  return rows.map(({ what }) => what);
}
