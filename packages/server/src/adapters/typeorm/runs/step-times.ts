import type { Step } from '@imaginarium/protocol';
import { LRUCache } from 'lru-cache';
import type { Transaction } from '../database/database.ts';

/** Steps that an estimate looks back on. */
const KEPT = 20;
/** How long the times of a node type in a workspace stand before new ones are written down: runs of trivial nodes must not pay for it each time. */
const STANDS_MS = 5_000;

/** Writes down how long steps took, for the quotes of later runs, in the transaction that stores them. */
export class StepTimes {
  readonly #written: LRUCache<string, true>;

  /** @param now milliseconds since 1970. */
  constructor(now: () => number = Date.now) {
    this.#written = new LRUCache({ max: 10_000, ttl: STANDS_MS, perf: { now } });
  }

  /** Whether the times of some of these steps have not been written down for a while. */
  areDue(workspaceId: string, steps: readonly Step[]): boolean {
    let before: string | undefined;
    for (const step of steps) {
      if (step.type === before || !isTimed(step)) continue;
      if (!this.#written.has(`${workspaceId} ${step.type}`)) return true;
      before = step.type;
    }
    return false;
  }

  /** Keeps the times of those steps whose node type has not been written down for a while. */
  async keep(transaction: Transaction, workspaceId: string, steps: readonly Step[]): Promise<void> {
    const due = new Map<string, number[]>();
    for (const step of steps) {
      if (!isTimed(step)) continue;
      const times = due.get(step.type);
      if (!times && this.#written.has(`${workspaceId} ${step.type}`)) continue;
      const took = Date.parse(step.finishedAt) - Date.parse(step.startedAt);
      const itemMs = took / Math.max(1, step.itemsIn);
      if (times) times.unshift(itemMs);
      else due.set(step.type, [itemMs]);
    }
    // In one order, so that two workers that write the same ones do not wait for each other in a circle.
    for (const [type, latest] of [...due].sort(([a], [b]) => (a < b ? -1 : 1))) {
      await store(transaction, workspaceId, type, latest);
      this.#written.set(`${workspaceId} ${type}`, true);
    }
  }
}

function isTimed(step: Step): step is Step & { startedAt: string; finishedAt: string } {
  return step.state === 'succeeded' && step.startedAt !== null && step.finishedAt !== null;
}

/** What the last steps of these node types took for each item, in milliseconds. */
export async function stepTimes(
  { sql }: Transaction,
  workspaceId: string,
  types: readonly string[],
): Promise<Map<string, number[]>> {
  if (types.length === 0) return new Map();
  const rows = await sql<{ type: string; item_ms: string }>`
    SELECT type, item_ms FROM step_time WHERE workspace_id = ${workspaceId} AND type IN (${types})`;
  return new Map(rows.map((row) => [row.type, JSON.parse(row.item_ms)]));
}

async function store(transaction: Transaction, workspaceId: string, type: string, latest: number[]): Promise<void> {
  const earlier = (await stepTimes(transaction, workspaceId, [type])).get(type) ?? [];
  const itemMs = JSON.stringify([...latest, ...earlier].slice(0, KEPT));
  await transaction.sql`
    INSERT INTO step_time (workspace_id, type, item_ms) VALUES (${workspaceId}, ${type}, ${itemMs})
    ON CONFLICT (workspace_id, type) DO UPDATE SET item_ms = excluded.item_ms`;
}
