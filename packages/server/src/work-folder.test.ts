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

test('keeps lasting work for a day after somebody worked on it, under a name of its own for each call', async () => {
  const [mine, another] = [lastingFolderFor(folder, 'space run:node:0'), lastingFolderFor(folder, 'space run:node:1')];
  expect(lastingFolderFor(folder, 'space run:node:0')).toBe(mine);
  for (const path of [mine, another]) await mkdir(path, { recursive: true });
  await utimes(another, new Date(0), new Date(0));
  await removeForgottenWork(folder);
  expect(await readdir(folder)).toEqual([basename(mine)]);
});
