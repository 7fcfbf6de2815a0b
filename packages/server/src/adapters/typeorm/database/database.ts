import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { DatabaseKind } from '../tables/column-types.ts';
import { ConnectionPlaces } from './connection-places.ts';
import { DatabaseAwayError, saysAway } from './database-away.ts';
import { type Fragment, postgresSql, type Sql } from './sql.ts';
import { SqliteTurns } from './sqlite-turns.ts';

/** What work on the database is done with: plain statements, and TypeORM's repositories. Not to be kept after the work. */
export interface Transaction {
  sql: Sql;
  manager: EntityManager;
}

export type DatabaseWork<Result> = (transaction: Transaction) => Promise<Result>;

/** Work as plain statements, which need nothing of the program: another thread can carry them out. */
export interface PlainWrite<Result> {
  /** Where the first of them changes nothing, the others are left out. */
  statements: readonly [Fragment, ...Fragment[]];
  /** What the work comes to once they are stored. */
  result: Result;
}

export interface WriteOptions<Result = unknown> {
  /** Whether the work comes to the same when it is done twice: then it is, where nobody knows whether it is stored. */
  repeatable?: boolean;
  /** Whether it comes to the same when it is done anew after it was undone: such work is done with less care, and anew should some of it fail. */
  canBeDoneAnew?: boolean;
  /**
   * The same work as plain statements, asked for when its turn has come. The work itself is done where there are none, the first of them
   * changes nothing, or one fails.
   */
  plainly?: (() => PlainWrite<Result> | undefined) | undefined;
}

/** An open database. Work inside `read` and `write` only uses what it is given: a nested call would wait for itself on SQLite. */
export interface Database {
  readonly kind: DatabaseKind;
  readonly dataSource: DataSource;
  /** Reads what is stored. */
  read<Result>(work: DatabaseWork<Result>): Promise<Result>;
  /** Does all of the work or, when it throws, none of it. What it did is safely stored when this resolves. */
  write<Result>(work: DatabaseWork<Result>, options?: WriteOptions<Result>): Promise<Result>;
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
    write: (work, options) => turns.take('write', work, options),
    ping: () => turns.take('read', ping),
    async close() {
      await turns.idle();
      await turns.close();
      await dataSource.destroy();
    },
  };
}

/** How long work waits for a server that is away: shorter than a lease, so that a run outlives a restart of the database. */
const PATIENCE_MS = 3000;
const PAUSE_MS = 100;
/** Connections to PostgreSQL that one process keeps. */
export const POOL_SIZE = 10;
/** How long work waits for one of them. */
const BUSY_MS = 15_000;

/**
 * PostgreSQL: a pool, one connection for each piece of work. Where the server goes away, work is done again from its start once it is
 * back; it fails with a {@link DatabaseAwayError} when that takes too long, or when nobody knows whether what it did is stored.
 */
export function postgresDatabase(dataSource: DataSource): Database {
  const places = new ConnectionPlaces(POOL_SIZE, BUSY_MS);
  const read = <Result>(work: DatabaseWork<Result>): Promise<Result> =>
    patiently(() => places.take(() => onRunner(dataSource, ({ manager, sql }) => work({ manager, sql }))));
  const write = <Result>(work: DatabaseWork<Result>, { repeatable = false }: WriteOptions = {}): Promise<Result> => {
    let isCommitting = false;
    const attempt = () =>
      onRunner(dataSource, async ({ runner, ...transaction }) => {
        await runner.startTransaction();
        try {
          const result = await work(transaction);
          isCommitting = true;
          await runner.commitTransaction();
          return result;
        } catch (error) {
          // A connection that broke has rolled back by itself; what broke it is the error to tell.
          if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
          throw error;
        }
      });
    return patiently(
      () => places.take(attempt),
      () => repeatable || !isCommitting,
    );
  };
  return {
    ...{ kind: 'postgres', dataSource, read, write },
    ping: () => places.take(() => onRunner(dataSource, ping)),
    close: () => dataSource.destroy(),
  };
}

async function onRunner<Result>(
  dataSource: DataSource,
  work: (transaction: Transaction & { runner: QueryRunner }) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work({ sql: postgresSql(runner), manager: runner.manager, runner });
  } catch (error) {
    throw saysAway(error) ? new DatabaseAwayError(error) : error;
  } finally {
    await runner.release();
  }
}

/** Tries again while the server is away. @param mayRepeat whether that does no harm after what has happened so far. */
async function patiently<Result>(attempt: () => Promise<Result>, mayRepeat = () => true): Promise<Result> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof DatabaseAwayError) || !mayRepeat() || performance.now() > end) throw error;
      await wait(PAUSE_MS);
    }
  }
}

async function ping({ sql }: Pick<Transaction, 'sql'>): Promise<void> {
  await sql`SELECT 1`;
}
