import type BetterSqlite3 from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { DatabaseWork, PlainWrite, Transaction, WriteOptions } from './database.ts';
import { sqliteSql } from './sql.ts';
import { WalFlush } from './wal-flush.ts';
import { WriteThread } from './write-thread.ts';

/** Most pieces of work in one group: the rest of the process waits a few milliseconds at most. */
const GROUP_LIMIT = 64;
/** Writes of a group from which on it goes to the thread for them: to hand fewer over takes as long as to carry them out. */
const THREAD_FROM = 8;
/** Writes that wait from which on the thread gets them at once, so that it has work while the others are still being asked for. */
const AT_ONCE_FROM = 24;

interface Turn {
  kind: 'read' | 'write';
  /** Whether a write comes to the same when it is done anew after it was undone. */
  canBeDoneAnew: boolean;
  /** A write as plain statements, where it is that much; what it comes to is told by `tell`, too. */
  plainly?: (() => PlainWrite<unknown>['statements'] | undefined) | undefined;
  /** Does the work; its outcome is told by `tell` once all that it wrote or may have seen is stored. */
  work(transaction: Transaction): Promise<void>;
  tell(): void;
  fail(error: unknown): void;
}

/**
 * TypeORM has one SQLite connection, on which concurrent transactions would run into each other: what one rolls back, another has
 * told as stored. So work takes turns here. Writes that wait together are committed together, each in a savepoint of its own. While the disk
 * takes in what was committed, the rest of the process goes on, and what it asks for gathers in the next group: the pages that all of them
 * change are written once. Nothing is told as done, nor what was read told, before all of it would survive a power cut. Where many writes that
 * are plain statements wait, another thread carries them out, and the rest of the process goes on altogether.
 */
export class SqliteTurns {
  readonly #connection: BetterSqlite3.Database;
  readonly #transaction: Transaction;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #flush: Pick<WalFlush, 'flush' | 'close'> | undefined;
  readonly #thread: Pick<WriteThread, 'isReady' | 'write' | 'close'> | undefined;
  #waiting: Turn[] = [];
  #running: Promise<void> | undefined;
  /** Done, and told once the disk has taken in what was committed. */
  #done: Turn[] = [];
  #flushing: Promise<void> | undefined;
  /** A group that the thread for writes has. Nothing is done meanwhile: what is asked for later is done later. */
  #away: Promise<void> | undefined;
  #isWriting = false;
  /** Whether the log on the disk may have a gap, after which nothing could be read again. */
  #isTorn = false;

  /**
   * @param flush left out, it is that of the database's file.
   * @param thread left out, there is one where the database is a file.
   */
  constructor(
    dataSource: DataSource,
    flush?: Pick<WalFlush, 'flush' | 'close'>,
    thread?: Pick<WriteThread, 'isReady' | 'write' | 'close'>,
  ) {
    // The driver was chosen by `type: 'better-sqlite3'`.
    this.#connection = (dataSource.driver as BetterSqlite3Driver).databaseConnection;
    // What is in memory only has no log.
    this.#flush = flush ?? (this.#connection.memory ? undefined : new WalFlush(this.#connection.name));
    this.#thread = thread ?? (this.#connection.memory ? undefined : new WriteThread(this.#connection.name));
    // A commit would wait for the disk, and all else with it. What is copied from the log into the database still waits for the log.
    this.#connection.pragma('synchronous = NORMAL');
    this.#statements = prepareStatements(this.#connection);
    this.#transaction = { sql: sqliteSql(this.#connection), manager: dataSource.createQueryRunner().manager };
  }

  take<Result>(
    kind: Turn['kind'],
    work: DatabaseWork<Result>,
    { canBeDoneAnew = false, plainly }: WriteOptions<Result> = {},
  ): Promise<Result> {
    const isMainIdle = !this.#isWriting && !this.#flushing && !this.#away;
    if (this.#waiting.length === AT_ONCE_FROM && isMainIdle) this.#handOver();
    return new Promise((resolve, reject) => {
      let tell: () => void;
      this.#waiting.push({
        kind,
        canBeDoneAnew,
        plainly:
          plainly &&
          (() => {
            try {
              const plain = plainly();
              if (plain) tell = () => resolve(plain.result);
              return plain?.statements;
            } catch {
              return undefined; // The work itself meets what is wrong with it.
            }
          }),
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
    while (this.#running || this.#flushing || this.#away) {
      await this.#running;
      await this.#flushing;
      await this.#away;
    }
  }

  /** Ends it, once it is idle. */
  async close(): Promise<void> {
    await this.#thread?.close();
    this.#flush?.close();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // What the last group set free gets the chance to join the next one, and the rest of the process to go on.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#away) {
        await this.#away;
        continue;
      }
      const firstWrite = this.#waiting.findIndex(({ kind }) => kind === 'write');
      const reads = firstWrite < 0 ? this.#waiting.length : firstWrite;
      // At once: among writes they would wait for the disk.
      if (reads > 0) await this.#readGroup(this.#waiting.splice(0, Math.min(reads, GROUP_LIMIT)));
      // A group that was committed now would be told no sooner than one that is committed when the disk is ready for it.
      else if (this.#flushing) await this.#flushing;
      else if (!this.#handOver()) await this.#writeGroup(this.#waiting.splice(0, GROUP_LIMIT));
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
    this.#isWriting = true;
    try {
      if (this.#isTorn) this.#mend();
      this.#statements.begin.run();
      if (!(await this.#allSucceed(group))) for (const turn of group) await this.#step(turn);
      this.#statements.commit.run();
    } catch (error) {
      for (const turn of group) turn.fail(error);
      this.#rollBack();
      return;
    } finally {
      this.#isWriting = false;
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

  /**
   * Gives the thread the writes that come first, as far as they are plain statements.
   * @returns false where they are few, or the thread is not ready.
   */
  #handOver(): boolean {
    if (this.#isTorn || this.#waiting.length < THREAD_FROM) return false;
    // It starts where it is needed for the first time.
    const isWorthIt = this.#waiting.slice(0, THREAD_FROM).every(({ plainly }) => plainly);
    if (!isWorthIt || !this.#thread?.isReady()) return false;
    const plain: PlainWrite<unknown>['statements'][] = [];
    for (const { plainly } of this.#waiting) {
      const statements = plain.length < GROUP_LIMIT ? plainly?.() : undefined;
      if (!statements) break;
      plain.push(statements);
    }
    if (plain.length < THREAD_FROM) return false;
    this.#away = this.#storeElsewhere(this.#waiting.splice(0, plain.length), this.#thread.write(plain));
    return true;
  }

  /** Tells what the thread has stored. What it has not comes first in the next group. */
  async #storeElsewhere(group: Turn[], outcome: ReturnType<WriteThread['write']>): Promise<void> {
    try {
      const stored = await outcome;
      const left = group.filter((turn, index) => {
        if (stored?.[index]) turn.tell();
        else turn.plainly = undefined;
        return !stored?.[index];
      });
      this.#waiting.unshift(...left);
    } catch (error) {
      for (const turn of group) turn.fail(error);
    }
    this.#away = undefined;
    if (this.#waiting.length > 0) this.#running ??= this.#run();
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
