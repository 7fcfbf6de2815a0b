import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UnownedFiles } from './unowned-files.ts';

const TWO_DAYS_AGO = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);

describe('UnownedFiles', () => {
  let root: string;
  let owned: Set<string>;
  const owners = { unowned: async (ids: readonly string[]) => ids.filter((id) => !owned.has(id)) };
  const placeOf = (id: string) => join(root, id.slice(0, 2), id.slice(2));
  const aFile = async (text: string, { old = true, at = placeOf } = {}) => {
    const id = createHash('sha256').update(text).digest('hex');
    await mkdir(dirname(at(id)), { recursive: true });
    await writeFile(at(id), text);
    if (old) await utimes(at(id), TWO_DAYS_AGO, TWO_DAYS_AGO);
    return id;
  };
  const isThere = (id: string) =>
    readFile(placeOf(id)).then(
      () => true,
      () => false,
    );
  const aside = () => readdir(join(root, 'leaving'));

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'imaginarium-files-'));
    owned = new Set();
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  test('removes what is old and nobody owns, and nothing else', async () => {
    const mine = await aFile('mine');
    const young = await aFile('just written', { old: false });
    const forgotten = await aFile('forgotten');
    owned.add(mine);
    await mkdir(join(root, 'incoming'), { recursive: true });
    await writeFile(join(root, 'incoming', 'an-upload'), 'half');
    expect(await new UnownedFiles({ root, owners }).remove()).toEqual({ files: 1, bytes: 9 });
    expect([await isThere(mine), await isThere(young), await isThere(forgotten)]).toEqual([true, true, false]);
    expect([await readdir(join(root, 'incoming')), await aside()]).toEqual([['an-upload'], []]);
  });

  test('puts back what somebody came to own while it was being removed', async () => {
    const id = await aFile('wanted after all');
    const files = new UnownedFiles({ root, owners, onSetAside: () => owned.add(id) });
    expect(await files.remove()).toEqual({ files: 0, bytes: 0 });
    expect([await isThere(id), await aside()]).toEqual([true, []]);
  });

  test('leaves what was written again at that moment where it is', async () => {
    const id = await aFile('again');
    let written: Promise<unknown> = Promise.resolve();
    const files = new UnownedFiles({
      ...{ root, owners },
      onSetAside: () => {
        written = aFile('again', { old: false });
      },
    });
    await files.remove();
    await written;
    expect(await isThere(id)).toBe(true);
  });

  test('goes on where a process died in the middle of it', async () => {
    const inLeaving = (id: string) => join(root, 'leaving', id);
    const mine = await aFile('mine', { at: inLeaving });
    const forgotten = await aFile('forgotten', { at: inLeaving });
    owned.add(mine);
    expect((await new UnownedFiles({ root, owners }).remove()).files).toBe(1);
    expect([await isThere(mine), await isThere(forgotten), await aside()]).toEqual([true, false, []]);
  });
});
