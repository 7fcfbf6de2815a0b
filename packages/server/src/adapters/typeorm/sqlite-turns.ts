import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { DatabaseWork, Transaction } from './database.ts';
import { sqliteSql } from './sql.ts';

/** Most pieces of work in one group: what waits behind it waits a few milliseconds at most. */
const GROUP_LIMIT = 64;

interface Turn {
  kind: 'read' | 'write';
  /** Does the work; its outcome is told by `tell` once the group is stored. */
  work(transaction: Transaction): Promise<void>;
  tell(): void;
  fail(error: unknown): void;
}

/**
 * TypeORM has one SQLite connection, on which concurrent transactions would run into each other: what one rolls back, another has
 * told as stored. So work takes turns here. Writes that wait together are committed together, each in a savepoint of its own: one
 * wait for the disk stores many of them, and none is told as done before it is stored.
 */
export class SqliteTurns {
  readonly #connection: BetterSqlite3.Database;
  readonly #transaction: Transaction;
  readonly #statements: ReturnType<typeof prepareStatements>;
  #waiting: Turn[] = [];
  #running: Promise<void> | undefined;

  constructor(dataSource: DataSource) {
    // The driver was chosen by `type: 'better-sqlite3'`.
    this.#connection = (dataSource.driver as BetterSqlite3Driver).databaseConnection;
    this.#statements = prepareStatements(this.#connection);
    this.#transaction = { sql: sqliteSql(this.#connection), manager: dataSource.createQueryRunner().manager };
  }

  take<Result>(kind: Turn['kind'], work: DatabaseWork<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      let tell: () => void;
      this.#waiting.push({
        kind,
        work: async (transaction) => {
          try {
            const result = await work(transaction);
            tell = () => resolve(result);
          } catch (error) {
            tell = () => reject(error);
            throw error;
          }
        },
        tell: () => tell(),
        fail: reject,
      });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // What the last group set free gets the chance to join the next one, and the rest of the process to go on.
      await new Promise((resolve) => setImmediate(resolve));
      const group = this.#waiting.splice(0, GROUP_LIMIT);
      if (group.every((turn) => turn.kind === 'read')) await this.#readGroup(group);
      else await this.#writeGroup(group);
    }
    this.#running = undefined;
  }

  async #readGroup(group: Turn[]): Promise<void> {
    for (const turn of group) {
      await turn.work(this.#transaction).catch(() => undefined); // Told to whoever asked.
      turn.tell();
    }
  }

  async #writeGroup(group: Turn[]): Promise<void> {
    try {
      this.#statements.begin.run();
      for (const turn of group) await this.#step(turn);
      this.#statements.commit.run();
    } catch (error) {
      for (const turn of group) turn.fail(error);
      this.#rollBack();
      return;
    }
    for (const turn of group) turn.tell();
  }

  async #step(turn: Turn): Promise<void> {
    if (turn.kind === 'read') return turn.work(this.#transaction).catch(() => undefined);
    this.#statements.savepoint.run();
    try {
      await turn.work(this.#transaction);
    } catch (error) {
      // A full disk ends the whole transaction, with all that the group did before.
      if (!this.#connection.inTransaction) throw error;
      this.#statements.rollBackTurn.run();
    }
    this.#statements.release.run();
  }

  #rollBack(): void {
    try {
      if (this.#connection.inTransaction) this.#statements.rollBack.run();
    } catch {
      // The connection is closed or broken: the next group fails with the reason.
    }
  }
}

function prepareStatements(connection: BetterSqlite3.Database) {
  return {
    // Immediate: it waits for other processes here, where waiting is safe, not at its first write.
    begin: connection.prepare('BEGIN IMMEDIATE'),
    commit: connection.prepare('COMMIT'),
    rollBack: connection.prepare('ROLLBACK'),
    savepoint: connection.prepare('SAVEPOINT turn'),
    release: connection.prepare('RELEASE turn'),
    rollBackTurn: connection.prepare('ROLLBACK TO turn'),
  };
}
