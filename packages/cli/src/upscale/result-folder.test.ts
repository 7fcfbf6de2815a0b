import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findPictures } from './find-pictures.ts';
import { ResultFolder } from './result-folder.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'imaginarium-results-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

it('remembers what it has, and not what was changed, removed or written half', async () => {
  const folder = await ResultFolder.read(place);
  await using _work = await folder.open();
  for (const name of ['kept', 'changed', 'removed']) {
    await writeFile(join(place, `${name}.png`), name);
    await folder.add({ key: name, result: `${name}.png`, bytes: name.length });
  }
  await writeFile(join(place, 'changed.png'), 'another picture');
  await rm(join(place, 'removed.png'));
  await appendFile(join(place, '.imaginarium', 'finished.jsonl'), '{"key":"half","res');
  const again = await ResultFolder.read(place);
  const found = ['kept', 'changed', 'removed', 'half'].map((key) => again.find(key));
  expect(await Promise.all(found)).toEqual(['kept.png', undefined, undefined, undefined]);
});

it('belongs to one process at a time, and keeps unfinished work when that ends', async () => {
  const folder = await ResultFolder.read(place);
  {
    await using work = await folder.open();
    for (const path of [work.workFolder, work.lastingFolder]) await mkdir(path);
    await writeFile(join(place, '.imaginarium', 'lock'), `elsewhere 12`);
    await expect(folder.open()).rejects.toThrow(
      `Another upscale saves to ${place} at the moment (elsewhere, process 12).`,
    );
  }
  expect(await readdir(join(place, '.imaginarium'))).toEqual(['unfinished']);
});

it('finds the pictures of a folder, in the order of their numbers, without results and what lies deeper', async () => {
  for (const name of ['a10.JPG', 'a9.jpg', 'a9-4x.jpg', 'notes.txt', '._a9.jpg', 'phone.HEIC'])
    await writeFile(join(place, name), '');
  await mkdir(join(place, 'deeper.png'));
  const found = await findPictures([place, join(place, 'a9.jpg')], new Set([join(place, 'a9-4x.jpg')]));
  expect(found).toEqual({
    pictures: ['a9.jpg', 'a10.JPG'].map((name) => ({ path: join(place, name), below: '' })),
    others: [join(place, 'phone.HEIC')],
  });
  await expect(findPictures([join(place, 'deeper.png')], new Set())).rejects.toThrow(
    'There is no picture in the folder',
  );
  await mkdir(join(place, 'deeper.png', 'ä', 'last'), { recursive: true });
  await expect(findPictures([join(place, 'deeper.png')], new Set())).rejects.toThrow('With --recursive, folders in it');
  await mkdir(join(place, 'deeper.png', '.notes'));
  for (const name of ['ä/one.png', 'ä/last/two.png', '.notes/three.png'])
    await writeFile(join(place, 'deeper.png', name), '');
  const all = (await findPictures([place], new Set(), true)).pictures.slice(-2);
  expect(all).toEqual([
    { path: join(place, 'deeper.png/ä/one.png'), below: 'deeper.png/ä' },
    { path: join(place, 'deeper.png/ä/last/two.png'), below: 'deeper.png/ä/last' },
  ]);
  await expect(findPictures([join(place, 'none.png')], new Set())).rejects.toThrow('There is no file or folder');
});
