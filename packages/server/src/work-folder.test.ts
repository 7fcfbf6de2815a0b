import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lastingFolderFor, removeAbandonedWork, removeForgottenWork, workFolderIn } from './work-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-work-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('keeps the work of processes that live, on this machine and on others, and removes the rest', async () => {
  const { pid: ended = 0 } = spawnSync(process.execPath, ['--version']);
  const [living, gone, elsewhere, forgotten] = [
    `${hostname()}-${process.ppid}`,
    `${hostname()}-${ended}`,
    'another-host-7',
    'old-host-1',
  ];
  for (const name of [living, gone, elsewhere, forgotten, basename(workFolderIn(folder))])
    await mkdir(join(folder, name, 'step'), { recursive: true });
  await utimes(join(folder, forgotten), new Date(0), new Date(0));
  await removeAbandonedWork(folder, { shared: true });
  expect((await readdir(folder)).toSorted()).toEqual([living, elsewhere].toSorted());
  await removeAbandonedWork(folder, { shared: false });
  await removeAbandonedWork(folder, { shared: true });
});

test('keeps lasting work for a day after somebody worked on it, and for as long as its run has not ended', async () => {
  const [open, ended] = ['0198f2a0-0000-7000-8000-000000000001', '0198f2a0-0000-7000-8000-000000000002'];
  const folderOf = (run: string, call: string) => basename(lastingFolderFor(folder, run, `${run}:node:${call}`));
  const [waiting, young, old, stray] = [folderOf(open, '0'), folderOf(ended, '0'), folderOf(ended, '1'), 'a-name'];
  expect(folderOf(open, '0')).toBe(waiting);
  for (const name of [waiting, young, old, stray]) await mkdir(join(folder, name, 'part'), { recursive: true });
  for (const name of [waiting, old, stray]) await utimes(join(folder, name), new Date(0), new Date(0));
  const asked: string[] = [];
  await removeForgottenWork(folder, async (ids) => {
    asked.push(...ids);
    return [open];
  });
  expect((await readdir(folder)).toSorted()).toEqual([waiting, young].toSorted());
  expect(asked.toSorted()).toEqual([open, ended, stray].toSorted());
});

test('removes no lasting work when nobody can say which runs have ended', async () => {
  const name = basename(lastingFolderFor(folder, 'run', 'call'));
  await mkdir(join(folder, name));
  await utimes(join(folder, name), new Date(0), new Date(0));
  const away = removeForgottenWork(folder, () => Promise.reject(new Error('The database is away.')));
  await expect(away).rejects.toThrow('The database is away.');
  expect(await readdir(folder)).toEqual([name]);
});
