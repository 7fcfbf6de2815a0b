import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Journal } from './journal.ts';

async function place(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-journal-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'pass.rows');
}

describe('Journal', () => {
  it('counts the tries that ended before another row was done', async () => {
    const path = await place();
    const deaths = async () => {
      const journal = new Journal(path, 'cat x4');
      await journal.begin();
      return journal.deaths;
    };
    expect([await deaths(), await deaths(), await deaths()]).toEqual([0, 1, 2]);
    const working = new Journal(path, 'cat x4');
    await working.begin();
    await working.note(96);
    expect([await deaths(), await deaths()]).toEqual([0, 1]);
    const other = new Journal(path, 'dog x4');
    await other.begin();
    expect(other.deaths).toBe(0);
  });

  it('gives the rows that were noted last, for the same work only', async () => {
    const path = await place();
    const first = new Journal(path, 'cat x4');
    expect(await first.begin()).toBe(0);
    await first.note(96);
    await first.note(192);
    expect(await new Journal(path, 'cat x4').begin()).toBe(192);
    expect(await new Journal(path, 'dog x4').rows()).toBe(0);
  });

  it('stops whoever was taken for dead and was not', async () => {
    const path = await place();
    const slow = new Journal(path, 'cat x4');
    await slow.begin();
    await slow.note(96);
    const next = new Journal(path, 'cat x4');
    await next.begin();
    await expect(slow.note(500)).rejects.toThrow('Another process went on with this picture');
    expect(await next.rows()).toBe(96);
  });

  it('counts what it cannot read for nothing', async () => {
    const path = await place();
    for (const text of ['', 'cat x4', 'cat x4\nme\n-5\n', 'cat x4\nme\nmany\n']) {
      await writeFile(path, text);
      expect(await new Journal(path, 'cat x4').rows()).toBe(0);
    }
  });
});
