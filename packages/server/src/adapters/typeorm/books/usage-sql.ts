import { type Fragment, fragment } from '../database/sql.ts';
import type { DatabaseKind } from '../tables/column-types.ts';

/** The columns of `usage_day` that tell its rows apart, and those that are added up. */
export const USAGE_KEY = fragment`workspace_id, day, workflow_id, node_type, person`;
export const USAGE_SUMS = fragment`steps, items, credits, refunded, duration_ms`;

/** The day of a moment, in UTC. */
export function dayOf(kind: DatabaseKind, moment: Fragment): Fragment {
  return kind === 'postgres'
    ? fragment`to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD')`
    : fragment`substr(${moment}, 1, 10)`;
}

/** The month of a moment, in UTC. */
export function monthOf(kind: DatabaseKind, moment: Fragment): Fragment {
  return kind === 'postgres'
    ? fragment`to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM')`
    : fragment`substr(${moment}, 1, 7)`;
}

/**
 * What charges and refunds of the ledger come to, in the columns of `usage_day`. A refund is counted on the day it was made, for the
 * workflow and the person of its run.
 * @param transfers a table, or a part of a join, that gives transfers as `t`.
 * @param where more that must hold of them.
 */
export function usageOf(kind: DatabaseKind, transfers: Fragment, where: Fragment): Fragment {
  return fragment`
    SELECT t.workspace_id AS workspace_id, ${dayOf(kind, fragment`t.created_at`)} AS day,
      COALESCE(CAST(v.workflow_id AS text), '') AS workflow_id, COALESCE(t.node_type, '') AS node_type,
      COALESCE(v.created_by, '') AS person,
      CAST(SUM(CASE t.kind WHEN 'charge' THEN 1 ELSE 0 END) AS integer) AS steps,
      CAST(SUM(COALESCE(t.items, 0)) AS bigint) AS items,
      CAST(SUM(CASE t.kind WHEN 'charge' THEN t.amount ELSE 0 END) AS bigint) AS credits,
      CAST(SUM(CASE t.kind WHEN 'refund' THEN t.amount ELSE 0 END) AS bigint) AS refunded,
      CAST(SUM(COALESCE(t.duration_ms, 0)) AS bigint) AS duration_ms
    FROM ${transfers} JOIN credit_reservation v ON v.run_id = t.run_id
    WHERE t.kind IN ('charge', 'refund') ${where}
    GROUP BY 1, 2, 3, 4, 5`;
}

/** Transfers that are not counted yet: few, whatever the ledger holds. SQLite looks for them from there only when it is told to. */
export function pendingOf(kind: DatabaseKind): Fragment {
  return kind === 'postgres'
    ? fragment`usage_pending p JOIN credit_transfer t ON t.id = p.transfer_id`
    : fragment`usage_pending p CROSS JOIN credit_transfer t ON t.id = p.transfer_id`;
}
