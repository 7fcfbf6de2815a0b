import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { DatabaseWork, Transaction } from './database.ts';
import { sqliteSql } from './sql.ts';
import { WalFlush } from './wal-flush.ts';

/** Most pieces of work in one group: the rest of the process waits a few milliseconds at most. */
const GROUP_LIMIT = 64;

interface Turn {
  kind: 'read' | 'write';
  /** Whether a write comes to the same when it is done anew after it was undone. */
  canBeDoneAnew: boolean;
  /** Does the work; its outcome is told by `tell` once all that it wrote or may have seen is stored. */
  work(transaction: Transaction): Promise<void>;
  tell(): void;
  fail(error: unknown): void;
}

/**
 * TypeORM has one SQLite connection, on which concurrent transactions would run into each other: what one rolls back, another has
 * told as stored. So work takes turns here. Writes that wait together are committed together, each in a savepoint of its own. While the disk
 * takes in what was committed, the rest of the process goes on, and what it asks for gathers in the next group: the pages that all of them
 * change are written once. Nothing is told as done, nor what was read told, before all of it would survive a power cut.
 */
export class SqliteTurns {
  readonly #connection: BetterSqlite3.Database;
  readonly #transaction: Transaction;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #flush: Pick<WalFlush, 'flush' | 'close'> | undefined;
  #waiting: Turn[] = [];
  #running: Promise<void> | undefined;
  /** Done, and told once the disk has taken in what was committed. */
  #done: Turn[] = [];
  #flushing: Promise<void> | undefined;
  /** Whether the log on the disk may have a gap, after which nothing could be read again. */
  #isTorn = false;

  /** @param flush left out, it is that of the database's file. */
  constructor(dataSource: DataSource, flush?: Pick<WalFlush, 'flush' | 'close'>) {
    // The driver was chosen by `type: 'better-sqlite3'`.
    this.#connection = (dataSource.driver as BetterSqlite3Driver).databaseConnection;
    // What is in memory only has no log.
    this.#flush = flush ?? (this.#connection.memory ? undefined : new WalFlush(this.#connection.name));
    // A commit would wait for the disk, and all else with it. What is copied from the log into the database still waits for the log.
    this.#connection.pragma('synchronous = NORMAL');
    this.#statements = prepareStatements(this.#connection);
    this.#transaction = { sql: sqliteSql(this.#connection), manager: dataSource.createQueryRunner().manager };
  }

  take<Result>(kind: Turn['kind'], work: DatabaseWork<Result>, canBeDoneAnew = false): Promise<Result> {
    return new Promise((resolve, reject) => {
      let tell: () => void;
      this.#waiting.push({
        kind,
        canBeDoneAnew,
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
    while (this.#running || this.#flushing) {
      await this.#running;
      await this.#flushing;
    }
  }

  /** Ends it, once it is idle. */
  close(): void {
    this.#flush?.close();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // What the last group set free gets the chance to join the next one, and the rest of the process to go on.
      await new Promise((resolve) => setImmediate(resolve));
      const firstWrite = this.#waiting.findIndex(({ kind }) => kind === 'write');
      if (firstWrite < 0) await this.#readGroup(this.#waiting.splice(0, GROUP_LIMIT));
      // A group that was committed now would be told no sooner than one that is committed when the disk is ready for it.
      else if (!this.#flushing) await this.#writeGroup(this.#waiting.splice(0, GROUP_LIMIT));
      else if (firstWrite > 0) await this.#readGroup(this.#waiting.splice(0, Math.min(firstWrite, GROUP_LIMIT)));
      else await this.#flushing;
    }
    this.#running = undefined;
  }

  async #readGroup(group: Turn[]): Promise<void> {
    for (const turn of group) {
      await turn.work(this.#transaction).catch(() => undefined); // Told to whoever asked.
    }
    if (this.#flushing) this.#done.push(...group);
    else this.#tellRead(group);
  }

  /** Tells what was read. It may be of a group that the disk refused, which is stored first. */
  #tellRead(group: Turn[]): void {
    try {
      if (this.#isTorn) this.#mend();
      for (const turn of group) turn.tell();
    } catch (error) {
      for (const turn of group) turn.fail(error);
    }
  }

  async #writeGroup(group: Turn[]): Promise<void> {
    try {
      if (this.#isTorn) this.#mend();
      this.#statements.begin.run();
      if (!(await this.#allSucceed(group))) for (const turn of group) await this.#step(turn);
      this.#statements.commit.run();
    } catch (error) {
      for (const turn of group) turn.fail(error);
      this.#rollBack();
      return;
    }
    this.#done = group;
    if (this.#flush) this.#flushing = this.#tellFlushed(this.#flush);
    else for (const turn of group) turn.tell();
  }

  /** Tells what was done once all that was committed is on the disk. */
  async #tellFlushed(log: Pick<WalFlush, 'flush'>): Promise<void> {
    try {
      await log.flush();
      for (const turn of this.#done) turn.tell();
    } catch (error) {
      this.#isTorn = true;
      for (const turn of this.#done) turn.fail(error);
    }
    this.#flushing = undefined;
  }

  /** Has all of the log copied into the database and begins a new one: what follows a gap in it could not be read again. */
  #mend(): void {
    const [copied] = this.#connection.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (copied?.busy !== 0)
      throw new Error('The database is in use elsewhere, and what the disk refused could not be stored again.');
    this.#isTorn = false;
  }

  /**
   * Does a group without savepoints, where all of it may be done anew: each costs a copy of all pages that are changed.
   * @returns false when some of it failed, and all of it was undone.
   */
  async #allSucceed(group: Turn[]): Promise<boolean> {
    if (!group.every(({ kind, canBeDoneAnew }) => kind === 'read' || canBeDoneAnew)) return false;
    for (const turn of group) {
      try {
        await turn.work(this.#transaction);
      } catch {
        if (turn.kind === 'read') continue;
        if (this.#connection.inTransaction) this.#statements.rollBack.run();
        this.#statements.begin.run();
        return false;
      }
    }
    return true;
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
