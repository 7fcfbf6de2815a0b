import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fragment } from './sql.ts';
import { SqliteTurns } from './sqlite-turns.ts';
import { WriteThread } from './write-thread.ts';

/** A disk that has what was there when it was last told to take it in. */
class Disk {
  readonly folder = mkdtempSync(join(tmpdir(), 'imaginarium-turns-'));
  readonly file = join(this.folder, 'live.sqlite');
  /** What a flush waits for before it takes in what is there, and whether it does. */
  answers = async (): Promise<void> => undefined;
  flushes = 0;

  async flush(): Promise<void> {
    this.flushes++;
    const kept = `kept-${this.flushes}.sqlite`;
    for (const end of ['', '-wal'])
      if (existsSync(this.file + end)) copyFileSync(this.file + end, join(this.folder, kept + end));
    await this.answers();
    this.#kept = kept;
  }
  #kept: string | undefined;

  close(): void {}

  /** The rows that a power cut would leave. */
  afterPowerCut(): number[] {
    if (this.#kept === undefined) return [];
    return rowsIn(join(this.folder, this.#kept));
  }
}

function rowsIn(file: string): number[] {
  const database = new BetterSqlite3(file);
  const rows = database.prepare<[], { n: number }>('SELECT n FROM number ORDER BY n').all();
  database.close();
  return rows.map(({ n }) => n);
}

describe('work on SQLite', () => {
  let disk: Disk;
  let dataSource: DataSource;
  let turns: SqliteTurns;
  beforeEach(async () => {
    disk = new Disk();
    dataSource = new DataSource({ type: 'better-sqlite3', database: disk.file });
    await dataSource.initialize();
    await dataSource.query('PRAGMA journal_mode = WAL');
    await dataSource.query('CREATE TABLE number (n INTEGER NOT NULL)');
    turns = new SqliteTurns(dataSource, disk);
  });
  afterEach(async () => {
    await turns.idle();
    await dataSource.destroy();
    rmSync(disk.folder, { recursive: true });
  });
  const write = (n: number) => turns.take('write', ({ sql }) => sql`INSERT INTO number (n) VALUES (${n})`);
  const read = () => turns.take('read', ({ sql }) => sql<{ n: number }>`SELECT n FROM number ORDER BY n`);

  it('tells neither what was written nor what was read of it before it would survive a power cut', async () => {
    disk.answers = () => new Promise((resolve) => setTimeout(resolve, 3));
    const survives = (rows: readonly number[]) =>
      expect(disk.afterPowerCut()).toEqual(expect.arrayContaining([...rows]));
    const asked: Promise<void>[] = [];
    for (let n = 0; n < 40; n++) {
      asked.push(write(n).then(() => survives([n])));
      if (n % 3 === 0) asked.push(read().then((rows) => survives(rows.map((row) => row.n))));
      if (n % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(asked);
    expect(disk.afterPowerCut()).toHaveLength(40);
    expect(disk.flushes).toBeLessThan(20);
  });

  it('gathers what is asked while the disk takes in the last group, and reads on meanwhile', async () => {
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    disk.answers = () => promise;
    const told: number[] = [];
    const first = write(1).then(() => told.push(1));
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    while (disk.flushes === 0) await new Promise((resolve) => setImmediate(resolve));
    const looked = turns.take('read', async ({ sql }) => {
      begin();
      return sql<{ n: number }>`SELECT n FROM number`;
    });
    const others = [write(2)];
    await begun;
    others.push(write(3));
    expect(told).toEqual([]);
    letGo();
    expect(await looked).toEqual([{ n: 1 }]);
    await Promise.all([first, ...others]);
    expect(disk.flushes).toBe(2);
    expect(disk.afterPowerCut()).toEqual([1, 2, 3]);
  });

  it('undoes what failed and nothing else of a group, whether its work may be done anew or not', async () => {
    const pieces = fc.array(fc.record({ fails: fc.boolean(), canBeDoneAnew: fc.boolean() }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, async (group) => {
        await turns.take('write', ({ sql }) => sql`DELETE FROM number`);
        const done = group.map(({ fails, canBeDoneAnew }, n) =>
          turns.take(
            'write',
            async ({ sql }) => {
              await sql`INSERT INTO number (n) VALUES (${n})`;
              if (fails) throw new Error(`no ${n}`);
              return n;
            },
            { canBeDoneAnew },
          ),
        );
        const told = (await Promise.allSettled(done)).map(({ status }) => status === 'rejected');
        expect(told).toEqual(group.map(({ fails }) => fails));
        expect(await read()).toEqual(group.flatMap(({ fails }, n) => (fails ? [] : [{ n }])));
      }),
      { numRuns: 40 },
    );
  });

  it('tells what was read at once where all of it is on the disk', async () => {
    await write(1);
    const { flushes } = disk;
    expect(await read()).toEqual([{ n: 1 }]);
    expect(disk.flushes).toBe(flushes);
  });

  it('fails what the disk refused to take in, and leaves no gap before what follows', async () => {
    await write(1);
    disk.answers = () => Promise.reject(new Error('EIO'));
    await expect(write(2)).rejects.toThrow('EIO');
    disk.answers = async () => undefined;
    await write(3);
    expect(disk.afterPowerCut()).toEqual([1, 2, 3]);
    // What was refused is in the database itself by now, whatever became of its place in the log.
    const alone = join(disk.folder, 'alone.sqlite');
    copyFileSync(disk.file, alone);
    expect(rowsIn(alone)).toEqual([1, 2]);
  });

  it('tells what was read of it only once it is stored after all', async () => {
    disk.answers = () => Promise.reject(new Error('EIO'));
    await expect(write(1)).rejects.toThrow('EIO');
    const other = new BetterSqlite3(disk.file, { timeout: 0 });
    other.exec('BEGIN; SELECT * FROM number');
    await dataSource.query('PRAGMA busy_timeout = 0');
    await expect(read()).rejects.toThrow(/in use elsewhere|locked/);
    other.close();
    expect(await read()).toEqual([{ n: 1 }]);
    const alone = join(disk.folder, 'alone.sqlite');
    copyFileSync(disk.file, alone);
    expect(rowsIn(alone)).toEqual([1]);
  });

  it('stores nothing more while that gap cannot be closed', async () => {
    await write(1);
    disk.answers = () => Promise.reject(new Error('EIO'));
    await expect(write(2)).rejects.toThrow('EIO');
    disk.answers = async () => undefined;
    const other = new BetterSqlite3(disk.file, { timeout: 0 });
    other.exec('BEGIN; SELECT * FROM number');
    await dataSource.query('PRAGMA busy_timeout = 0');
    await expect(write(3)).rejects.toThrow(/in use elsewhere|locked/);
    other.close();
    await write(4);
    expect(disk.afterPowerCut()).toEqual([1, 2, 4]);
  });
});

describe('work on SQLite of which much is plain', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imaginarium-plain-'));
  const file = join(folder, 'live.sqlite');
  const thread = new WriteThread(file);
  const groups: (boolean[] | undefined)[] = [];
  let dataSource: DataSource;
  let turns: SqliteTurns;
  beforeAll(async () => {
    dataSource = new DataSource({ type: 'better-sqlite3', database: file });
    await dataSource.initialize();
    await dataSource.query('PRAGMA journal_mode = WAL');
    await dataSource.query('CREATE TABLE number (n INTEGER PRIMARY KEY, how TEXT NOT NULL CHECK (n < 1000))');
    const watched = {
      isReady: () => thread.isReady(),
      close: () => thread.close(),
      write: async (...asked: Parameters<WriteThread['write']>) => {
        const stored = await thread.write(...asked);
        groups.push(stored);
        return stored;
      },
    };
    turns = new SqliteTurns(dataSource, undefined, watched);
    while (!thread.isReady()) await new Promise((resolve) => setTimeout(resolve, 5));
  });
  afterAll(async () => {
    await turns.idle();
    await turns.close();
    await dataSource.destroy();
    rmSync(folder, { recursive: true });
  });
  const read = () => turns.take('read', ({ sql }) => sql<{ n: number }>`SELECT n, how FROM number ORDER BY n`);
  /** Tells how it was stored: by the thread or here. One that is there already is a repeat. */
  const write = (n: number, isPlain = true) =>
    turns.take(
      'write',
      async ({ sql }) => {
        const rows = await sql`INSERT INTO number (n, how) VALUES (${n}, 'here') ON CONFLICT DO NOTHING RETURNING n`;
        return rows.length === 0 ? 'repeat' : 'here';
      },
      {
        canBeDoneAnew: true,
        plainly: isPlain
          ? () => ({
              statements: [fragment`INSERT INTO number (n, how) VALUES (${n}, 'thread') ON CONFLICT DO NOTHING`],
              result: 'thread',
            })
          : undefined,
      },
    );

  it('is done by the thread where there is enough of it, in the order in which it was asked for', async () => {
    const asked = Array.from({ length: 40 }, (_, n) => write(n));
    const seen = read();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['thread']));
    expect(await seen).toHaveLength(40);
    // The first had enough to begin with before all was asked for.
    expect(groups.map((stored) => stored?.length)).toEqual([24, 16]);
    expect(await write(40)).toBe('here');
  });

  it('comes to the same as without the thread: repeats are found out, and what fails fails alone', async () => {
    const piece = fc.record({
      n: fc.oneof({ weight: 40, arbitrary: fc.integer({ min: 0, max: 99 }) }, fc.constant(1000)),
      isPlain: fc.oneof({ weight: 40, arbitrary: fc.constant(true) }, fc.constant(false)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 8, maxLength: 60 }), async (pieces) => {
        await turns.take('write', ({ sql }) => sql`DELETE FROM number`);
        const told = await Promise.allSettled(pieces.map(({ n, isPlain }) => write(n, isPlain)));
        const stored = new Map<number, string>();
        for (const [index, { n }] of pieces.entries()) {
          const outcome = told[index];
          if (outcome?.status === 'rejected')
            expect([n >= 1000, String(outcome.reason)]).toEqual([true, expect.stringContaining('CHECK')]);
          else if (outcome?.value === 'repeat') expect(stored.has(n)).toBe(true);
          else if (outcome) stored.set(n, outcome.value);
        }
        expect(await read()).toEqual([...stored].sort(([a], [b]) => a - b).map(([n, how]) => ({ n, how })));
      }),
      { numRuns: 40 },
    );
    expect(groups.filter((stored) => stored === undefined).length).toBeGreaterThan(0);
    expect(groups.filter((stored) => stored?.includes(false)).length).toBeGreaterThan(0);
  });

  it('fails with a thread that ends, and goes on without it', async () => {
    const gone = async () => Promise.reject(new Error('The thread has ended.'));
    let isReady = true;
    const mortal = new SqliteTurns(dataSource, undefined, {
      isReady: () => isReady,
      write: gone,
      close: async () => {},
    });
    const insert = (n: number) =>
      mortal.take('write', ({ sql }) => sql`INSERT INTO number (n, how) VALUES (${n}, 'here')`, {
        canBeDoneAnew: true,
        plainly: () => ({ statements: [fragment`SELECT 1`], result: [] }),
      });
    const first = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => insert(200 + n)));
    expect(new Set(first.map((told) => told.status === 'rejected' && String(told.reason)))).toEqual(
      new Set(['Error: The thread has ended.']),
    );
    isReady = false;
    await Promise.all(Array.from({ length: 8 }, (_, n) => insert(200 + n)));
    expect(await mortal.take('read', ({ sql }) => sql`SELECT n FROM number WHERE n BETWEEN 200 AND 207`)).toHaveLength(
      8,
    );
    await mortal.close();
  });
});
