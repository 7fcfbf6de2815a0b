import type { FailedRuns } from '../../../triggers/failed-runs.ts';
import type { Database, Transaction } from '../database/database.ts';

/** Notes that a run has failed, in the transaction that ends it. */
export async function noteFailure({ sql }: Transaction, runId: string): Promise<void> {
  await sql`INSERT INTO run_failed (run_id) VALUES (${runId})`;
}

/** Failed runs whose failure has still to be told, in the database. */
export class SqlFailedRuns implements FailedRuns {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(limit: number): Promise<string[]> {
    const rows = await this.#database.read(
      ({ sql }) => sql<{ run_id: string }>`SELECT run_id FROM run_failed ORDER BY seq LIMIT ${limit}`,
    );
    return rows.map((row) => row.run_id);
  }

  async done(runId: string): Promise<void> {
    await this.#database.write(({ sql }) => sql`DELETE FROM run_failed WHERE run_id = ${runId}`);
  }
}
