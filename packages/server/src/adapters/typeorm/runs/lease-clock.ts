import type { Database } from '../database/database.ts';
import { type Fragment, fragment } from '../database/sql.ts';

/**
 * The clock that leases are given and judged by, and by which runs that were put off begin. Several machines may share PostgreSQL, so
 * that its own clock is the one: theirs may be wrong. Waits and schedules follow it, see `FollowedClock`. SQLite belongs to one process, whose clock serves.
 */
export interface LeaseClock {
  /** The moment that is so many milliseconds from now, for a statement. */
  at(aheadMs?: number): Fragment;
  /** The time, in milliseconds since 1970. */
  read(): Promise<number>;
}

/** @param now the clock of this process, in milliseconds since 1970. */
export function leaseClockOf(database: Database, now: () => number): LeaseClock {
  if (database.kind === 'sqlite')
    return {
      at: (aheadMs = 0) => fragment`${new Date(now() + aheadMs).toISOString()}`,
      read: async () => now(),
    };
  return {
    // Of the statement, not of its transaction: one that waited for another would give a lease that is half over.
    at: (aheadMs = 0) =>
      fragment`(date_trunc('milliseconds', statement_timestamp()) + CAST(${aheadMs} AS double precision) * interval '1 millisecond')`,
    async read() {
      const [row] = await database.read(
        ({ sql }) =>
          sql<{ ms: number }>`SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS double precision) AS ms`,
      );
      if (!row) throw new Error('The database did not say what time it is.');
      return row.ms;
    },
  };
}
