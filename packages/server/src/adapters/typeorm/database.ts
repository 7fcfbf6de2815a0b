import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseKind } from './column-types.ts';
import { postgresSql, type Sql } from './sql.ts';
import { SqliteTurns } from './sqlite-turns.ts';

/** What work on the database is done with: plain statements, and TypeORM's repositories. Not to be kept after the work. */
export interface Transaction {
  sql: Sql;
  manager: EntityManager;
}

export type DatabaseWork<Result> = (transaction: Transaction) => Promise<Result>;

/** An open database. Work inside `read` and `write` only uses what it is given: a nested call would wait for itself on SQLite. */
export interface Database {
  readonly kind: DatabaseKind;
  readonly dataSource: DataSource;
  /** Reads what is stored. */
  read<Result>(work: DatabaseWork<Result>): Promise<Result>;
  /** Does all of the work or, when it throws, none of it. What it did is safely stored when this resolves. */
  write<Result>(work: DatabaseWork<Result>): Promise<Result>;
  /** Resolves when the database answers. @throws {Error} when it does not. */
  ping(): Promise<void>;
  /** Waits for work in progress, then closes. */
  close(): Promise<void>;
}

/** SQLite: one connection, on which work takes turns. */
export function sqliteDatabase(dataSource: DataSource): Database {
  const turns = new SqliteTurns(dataSource);
  return {
    kind: 'sqlite',
    dataSource,
    read: (work) => turns.take('read', work),
    write: (work) => turns.take('write', work),
    ping: () => turns.take('read', ping),
    async close() {
      await turns.idle();
      await dataSource.destroy();
    },
  };
}

/** PostgreSQL: a pool, one connection for each piece of work. */
export function postgresDatabase(dataSource: DataSource): Database {
  const read = async <Result>(work: DatabaseWork<Result>): Promise<Result> => {
    const runner = dataSource.createQueryRunner();
    try {
      return await work({ sql: postgresSql(runner), manager: runner.manager });
    } finally {
      await runner.release();
    }
  };
  const write = <Result>(work: DatabaseWork<Result>): Promise<Result> =>
    read(async (transaction) => {
      const runner = transaction.manager.queryRunner;
      if (!runner) throw new Error('A query runner has a manager of its own.');
      await runner.startTransaction('READ COMMITTED');
      try {
        const result = await work(transaction);
        await runner.commitTransaction();
        return result;
      } catch (error) {
        // A connection that broke has rolled back by itself; what broke it is the error to tell.
        if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    });
  return { kind: 'postgres', dataSource, read, write, ping: () => read(ping), close: () => dataSource.destroy() };
}

async function ping({ sql }: Transaction): Promise<void> {
  await sql`SELECT 1`;
}
