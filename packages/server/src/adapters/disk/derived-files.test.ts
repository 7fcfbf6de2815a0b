import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DerivedFiles } from './derived-files.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'imaginarium-derived-'));
});
afterEach(() => rm(root, { recursive: true }));

const [owned, gone, also] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const placeOf = (folder: string, id: string, rest: string) =>
  join(root, folder, id.slice(0, 2), `${id.slice(2)}${rest}`);

async function write(path: string, bytes = 100, daysAgo = 0): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, Buffer.alloc(bytes));
  const at = new Date(Date.now() - daysAgo * 86_400_000);
  await utimes(path, at, at);
}

const filesThere = async () =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();

it('goes with the file that it was made from, whether it is a file or a folder, and the rest stays', async () => {
  const stays = [placeOf('small', owned, '-160.webp'), placeOf('tiles', owned, '/0/0_0.webp')];
  for (const path of stays) await write(path);
  for (const size of [160, 480]) await write(placeOf('small', gone, `-${size}.webp`));
  await write(placeOf('tiles', also, '/0/0_0.webp'), 50);
  await write(placeOf('tiles', also, '/11/3_4.webp'), 50);
  // Nobody finishes the first; the second may be somebody's right now. What lies elsewhere is not ours.
  await write(join(root, 'small/aa/1234.part'), 10, 2);
  const others = [join(root, 'small/aa/5678.part'), join(root, 'small/README')];
  for (const path of others) await write(path);
  const asked: string[][] = [];
  const owners = {
    unowned: async (ids: readonly string[]) => {
      asked.push([...ids]);
      return ids.filter((id) => id !== owned);
    },
  };
  const folders = ['small', 'tiles', 'nowhere'].map((folder) => join(root, folder));
  expect(await new DerivedFiles({ folders, owners }).remove()).toBe(2);
  expect(await filesThere()).toEqual([...stays, ...others].map((path) => path.slice(root.length + 1)).sort());
  expect(asked.flat().sort()).toEqual([owned, owned, gone, also].sort());
});
