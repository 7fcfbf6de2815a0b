import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DataSource } from 'typeorm';
import { expect, test } from 'vitest';
import { SmallDisk } from '../../../durability/testing/small-disk.ts';
import { fragment } from './sql.ts';
import { setUpConnection } from './sqlite-connection.ts';
import { SqliteTurns } from './sqlite-turns.ts';
import { WriteThread } from './write-thread.ts';

test('a disk that is full while the thread writes loses nothing that was told as stored, and all goes on once there is room', async ({
  skip,
}) => {
  using disk = SmallDisk.open(4);
  if (!disk) return skip('A disk of its own needs the right to mount: run this test as root on Linux.');
  const file = join(disk.folder, 'live.sqlite');
  const dataSource = new DataSource({
    ...{ type: 'better-sqlite3', driver: BetterSqlite3, database: file, prepareDatabase: setUpConnection },
  });
  await dataSource.initialize();
  await dataSource.query('CREATE TABLE number (n INTEGER PRIMARY KEY, how TEXT NOT NULL, bytes BLOB)');
  const thread = new WriteThread(file);
  const groups: ('stored' | 'undone')[] = [];
  const watched = {
    isReady: () => thread.isReady(),
    close: () => thread.close(),
    write: async (...asked: Parameters<WriteThread['write']>) => {
      const stored = await thread.write(...asked);
      groups.push(stored ? 'stored' : 'undone');
      return stored;
    },
  };
  const turns = new SqliteTurns(dataSource, undefined, watched);
  while (!thread.isReady()) await new Promise((resolve) => setTimeout(resolve, 5));
  const bytes = Buffer.alloc(3000, 'x');
  const write = (n: number) =>
    turns.take('write', ({ sql }) => sql`INSERT INTO number (n, how, bytes) VALUES (${n}, 'here', ${bytes})`, {
      canBeDoneAnew: true,
      plainly: () => ({
        statements: [fragment`INSERT INTO number (n, how, bytes) VALUES (${n}, 'thread', ${bytes})`],
        result: [],
      }),
    });
  const told: number[] = [];
  const refused: unknown[] = [];
  let next = 0;
  const manyAtOnce = async () => {
    const asked = Array.from({ length: 40 }, () => next++);
    const outcomes = await Promise.allSettled(asked.map(write));
    for (const [index, outcome] of outcomes.entries())
      if (outcome.status === 'fulfilled') told.push(asked[index] as number);
      else refused.push(outcome.reason);
  };
  /** As somebody sees it who opens the file anew. */
  const stored = () => {
    const other = new BetterSqlite3(file, { readonly: true });
    const rows = other.prepare<[], { n: number; how: string }>('SELECT n, how FROM number ORDER BY n').all();
    other.close();
    return rows;
  };

  await manyAtOnce();
  for (let round = 0; round < 2; round++) {
    groups.length = 0;
    refused.length = 0;
    // Between two writes, and in the middle of them.
    if (round === 0) disk.fill();
    const writes = manyAtOnce();
    if (round === 1) disk.fill();
    await writes;
    for (let more = 0; refused.length === 0 && more < 50; more++) await manyAtOnce();
    expect(groups).toContain('undone');
    expect(refused.length).toBeGreaterThan(0);
    for (const reason of refused) expect(reason).toMatchObject({ code: expect.stringMatching(/^SQLITE_(FULL|IOERR)/) });
    expect(stored().map(({ n }) => n)).toEqual(told);

    disk.free();
    refused.length = 0;
    groups.length = 0;
    await manyAtOnce();
    expect([refused, groups]).toEqual([[], ['stored', 'stored']]);
    expect(stored().map(({ n }) => n)).toEqual(told);
    expect(stored().at(-1)).toMatchObject({ how: 'thread' });
  }
  await turns.idle();
  await turns.close();
  await dataSource.destroy();
});
