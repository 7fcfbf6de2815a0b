import { randomUUID } from 'node:crypto';
import type { Database } from '../../packages/server/src/adapters/typeorm/database/database.ts';
import { fragment } from '../../packages/server/src/adapters/typeorm/database/sql.ts';

const FIRST_DAY = Date.parse('2026-01-01T00:00:00.000Z');
/** Runs of one transaction. PostgreSQL keeps each version of a balance until its transaction ends, and looks through all of them for the next. */
const AT_ONCE = { sqlite: 2000, postgres: 200 } as const;

/**
 * Writes down runs of one charged step each, many with a statement, so that the database's own triggers make the entries and move the balances
 * as ever.
 */
export async function fillLedger(
  database: Database,
  workspaceId: string,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const atOnce = AT_ONCE[database.kind];
  for (let made = from; made < to; made += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, to - made) }, (_, index) => runAt(made + index));
    await database.write(async ({ sql }) => {
      const set = some.map(
        ({ id, at, workflowId, createdBy }) =>
          fragment`(${id}, ${workspaceId}, 'wallet', 15, '{"version":0,"rules":[],"bundle":null}', ${at}, ${at}, ${workflowId}, 'Bench', ${createdBy})`,
      );
      await sql`
        INSERT INTO credit_reservation (
          run_id, workspace_id, account, amount, terms, created_at, expires_at, workflow_id, workflow_name, created_by
        ) VALUES ${set}`;
      const charged = some.map(
        ({ index, id, at, type }) =>
          fragment`(${growingId(index)}, ${workspaceId}, ${id}, 'up', 'Up', ${type}, 12, 1200, 'charge', 'wallet', 'spent', ${at}, 1, 1, 20, 'media')`,
      );
      await sql`
        INSERT INTO credit_transfer (
          id, workspace_id, run_id, node, node_name, node_type, amount, exact, kind, from_account, to_account, created_at,
          node_version, items, duration_ms, pool
        ) VALUES ${charged}`;
      await sql`
        UPDATE credit_reservation SET state = 'released', resolved_at = created_at
        WHERE run_id IN (${some.map(({ id }) => id)})`;
    });
  }
}

/** A run, spread over the days of a year, ten workflows, five node types and four people, the same way each time. */
export function runAt(index: number) {
  const hash = Math.imul(index + 1, 2_654_435_761) >>> 0;
  return {
    index,
    id: growingId(index),
    at: new Date(FIRST_DAY + (index % 365) * 86_400_000).toISOString(),
    type: `bench.type${hash % 5}`,
    workflowId: `00000000-0000-4000-8000-00000000000${(hash >>> 8) % 10}`,
    createdBy: `person ${(hash >>> 16) % 4}`,
  };
}

/** An id above those of lower numbers, as those of a server grow with time. */
function growingId(index: number): string {
  const number = index.toString(16).padStart(12, '0');
  return `${number.slice(0, 8)}-${number.slice(8)}-7000-8000-${randomUUID().slice(24)}`;
}
