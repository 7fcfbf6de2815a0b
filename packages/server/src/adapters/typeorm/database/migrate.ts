import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';

/** Any number that nothing else locks by: servers that start together on one PostgreSQL wait for each other here. */
const POSTGRES_LOCK = 4_680_001;

/** Runs the migrations that are missing, in one transaction, while no other server does. @throws {Error} when the database is newer than this program. */
export async function migrate(dataSource: DataSource): Promise<void> {
  const runner = dataSource.createQueryRunner();
  try {
    await (dataSource.options.type === 'postgres' ? lockedPostgres(runner) : lockedSqlite(runner));
  } finally {
    await runner.release();
  }
}

async function lockedSqlite(runner: QueryRunner): Promise<void> {
  // Rebuilding a table drops it for a moment, which must not take the rows that point to it along.
  await runner.query('PRAGMA foreign_keys = OFF');
  await runner.query('BEGIN IMMEDIATE');
  try {
    await runPending(runner);
    const [broken] = await runner.query('PRAGMA foreign_key_check');
    if (broken) throw new Error(`a row of ${broken.table} points to a row of ${broken.parent} that is missing.`);
    await runner.query('COMMIT');
  } catch (error) {
    await runner.query('ROLLBACK');
    throw error;
  }
  await runner.query('PRAGMA foreign_keys = ON');
}

async function lockedPostgres(runner: QueryRunner): Promise<void> {
  await runner.startTransaction();
  try {
    // The pool's limit is for requests; a migration, or waiting for one, may take longer. Both settings end with the transaction.
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query(`SELECT pg_advisory_xact_lock(${POSTGRES_LOCK})`);
    await runPending(runner);
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

async function runPending(runner: QueryRunner): Promise<void> {
  const executor = new MigrationExecutor(runner.dataSource, runner);
  executor.transaction = 'none';
  const known = new Set(runner.dataSource.migrations.map((migration) => migration.name));
  const newer = (await executor.getExecutedMigrations()).find((migration) => !known.has(migration.name));
  if (newer) {
    throw new Error(
      `it was written by a newer Imaginarium (${newer.name}). Start that version, or restore a backup from before the upgrade.`,
    );
  }
  await executor.executePendingMigrations();
}
