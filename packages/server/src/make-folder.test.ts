import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

test('makes a folder with those above it, once, however often it is asked', async () => {
  const root = await mkdtemp(join(tmpdir(), 'imaginarium-folder-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const path = join(root, 'a/b/c');
  await Promise.all(Array.from({ length: 5 }, () => makeFolder(path)));
  expect((await stat(path)).isDirectory()).toBe(true);
  await writeFile(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(root, 'file/a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.skipIf(!existsSync('/proc/self'))('says at once where no folder can be made', async () => {
  await expect(makeFolder('/proc/imaginarium/a/b')).rejects.toMatchObject({
    code: 'ENOENT',
    path: '/proc/imaginarium',
  });
});
