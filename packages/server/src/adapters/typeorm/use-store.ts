import type { Use, UsedUp, UseStore } from '../../limits/use-store.ts';
import type { Database } from './database/database.ts';

/** Counts what people use, in one row for each person and thing. */
export class SqlUseStore implements UseStore {
  readonly #database: Database;
  readonly #now: () => number;

  /** @param now milliseconds since 1970. */
  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  take({ userId, what, amount, most, windowMs }: Use): Promise<UsedUp | undefined> {
    const time = this.#now();
    const [now, until] = [new Date(time).toISOString(), new Date(time + windowMs).toISOString()];
    return this.#database.write(async ({ sql }) => {
      // One statement, so that of two at the same moment the second sees the first. A window that ends later than one that starts now
      // was begun by a clock that was ahead, or by a longer setting: it is over.
      const counted = await sql`
        INSERT INTO person_use (user_id, what, used, until) VALUES (${userId}, ${what}, ${amount}, ${until})
        ON CONFLICT (user_id, what) DO UPDATE SET
          used = excluded.used
            + CASE WHEN person_use.until <= ${now} OR person_use.until > excluded.until THEN 0 ELSE person_use.used END,
          until = CASE WHEN person_use.until <= ${now} OR person_use.until > excluded.until
            THEN excluded.until ELSE person_use.until END
        WHERE person_use.until <= ${now} OR person_use.until > excluded.until
          OR person_use.used + excluded.used <= ${most}
        RETURNING used`;
      if (counted.length === 1) return undefined;
      const [row] = await sql<{ used: number; until: string }>`
        SELECT used, until FROM person_use WHERE user_id = ${userId} AND what = ${what}`;
      return row && { used: row.used, waitMs: Date.parse(row.until) - time };
    });
  }

  async giveBack({ userId, what, amount }: Pick<Use, 'userId' | 'what' | 'amount'>): Promise<void> {
    await this.#database.write(
      ({ sql }) => sql`
        UPDATE person_use SET used = CASE WHEN used > ${amount} THEN used - ${amount} ELSE 0 END
        WHERE user_id = ${userId} AND what = ${what}`,
    );
  }
}
