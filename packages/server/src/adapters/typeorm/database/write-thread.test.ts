import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { fragment } from './sql.ts';
import { WriteThread } from './write-thread.ts';

describe('the thread for writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imaginarium-thread-'));
  const file = join(folder, 'live.sqlite');
  const here = new BetterSqlite3(file);
  const thread = new WriteThread(file);
  beforeAll(async () => {
    here.pragma('journal_mode = WAL');
    here.exec('CREATE TABLE number (n INTEGER PRIMARY KEY, of INTEGER REFERENCES number (n), bytes BLOB)');
    await ready(thread);
  });
  afterAll(async () => {
    await thread.close();
    here.close();
    rmSync(folder, { recursive: true });
  });
  const rows = () => here.prepare<[], { n: number }>('SELECT n FROM number ORDER BY n').all();
  const insert = (n: number) => fragment`INSERT INTO number (n) VALUES (${n}) ON CONFLICT DO NOTHING`;

  it('stores a group, and leaves out what follows a statement that changes nothing', async () => {
    expect(await thread.write([[insert(1), insert(2)], [insert(1), insert(3)], [insert(4)]])).toEqual([
      true,
      false,
      true,
    ]);
    expect(rows()).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
  });

  it('stores nothing of a group in which one fails, and goes on with the next', async () => {
    const stray = fragment`INSERT INTO number (n, of) VALUES (6, 600)`;
    expect(await thread.write([[insert(5)], [stray], [insert(7)]])).toBe(undefined);
    expect(await thread.write([[insert(8)]])).toEqual([true]);
    expect(rows()).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }, { n: 8 }]);
  });

  it('stores bytes as they are', async () => {
    const bytes = Buffer.from('.....bytes.....').subarray(5, 10);
    await thread.write([[fragment`INSERT INTO number (n, bytes) VALUES (20, ${bytes})`]]);
    const row = here.prepare<[], { bytes: Buffer }>('SELECT bytes FROM number WHERE n = 20').get();
    expect(row?.bytes.toString()).toBe('bytes');
  });

  it('commits so that it would survive a power cut', async () => {
    const full = 2;
    await thread.write([[fragment`INSERT INTO number (n) SELECT 1000 + synchronous FROM pragma_synchronous`]]);
    expect(rows().at(-1)).toEqual({ n: 1000 + full });
  });

  it('fails what it was given when it ends by itself, and is not ready any more', async () => {
    const program = `import { parentPort } from 'node:worker_threads';
      parentPort.postMessage('ready');
      parentPort.on('message', () => { throw new Error('out of memory'); });`;
    const warned = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const mortal = new WriteThread(file, new URL(`data:text/javascript,${encodeURIComponent(program)}`));
    await ready(mortal);
    await expect(mortal.write([[insert(9)]])).rejects.toThrow(/has ended, and it is not known whether this is stored/);
    expect([mortal.isReady(), String(warned.mock.calls[0]?.[0])]).toEqual([
      false,
      expect.stringContaining('out of memory'),
    ]);
    await expect(mortal.write([[insert(9)]])).rejects.toThrow(/not ready/);
    await mortal.close();
    warned.mockRestore();
  });

  it('ends before it has begun', async () => {
    const early = new WriteThread(file);
    expect(early.isReady()).toBe(false);
    await early.close();
    expect(early.isReady()).toBe(false);
  });
});

async function ready(thread: WriteThread): Promise<void> {
  while (!thread.isReady()) await wait(5);
}
