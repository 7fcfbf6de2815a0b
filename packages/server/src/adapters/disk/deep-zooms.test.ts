import { access, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileRef, TiledPicture } from '@imaginarium/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeepZooms } from './deep-zooms.ts';

const picture: TiledPicture = { state: 'ready', width: 1024, height: 512, tileSize: 512, overlap: 1, format: 'jpeg' };

describe('DeepZooms', () => {
  let folder: string;
  let cuts: string[];
  /** Of a cut: a thousand bytes of tiles, once it is let go on. */
  let goOn: () => Promise<void>;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imaginarium-tiles-'));
    cuts = [];
    goOn = async () => undefined;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const aPicture = (letter: string): FileRef => ({
    ...{ id: letter.repeat(64), kind: 'image', mime: 'image/jpeg', bytes: 1, name: `${letter}.jpg` },
    ...{ width: 1024, height: 512 },
  });
  const zooms = (maxBytes = 1e9) =>
    new DeepZooms({
      ...{ folder, maxBytes, locate: async (id) => `/files/${id}` },
      cut: async ({ source, target }) => {
        cuts.push(source);
        const top = join(target, 'tiles_files', '10');
        await mkdir(top, { recursive: true });
        await writeFile(join(top, '0_0.jpeg'), Buffer.alloc(500));
        await goOn();
        await writeFile(join(top, '1_0.jpeg'), Buffer.alloc(500));
        return picture;
      },
    });
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );

  test('cuts a picture once, however many look at once, and keeps the tiles over a restart', async () => {
    const file = aPicture('a');
    const first = zooms();
    expect(await Promise.all([first.get(file), first.get(file), first.get(file)])).toEqual([picture, picture, picture]);
    expect(await zooms().get(file)).toEqual(picture);
    expect(cuts).toEqual([`/files/${file.id}`]);
    expect(await isThere(first.tilePath(file.id, 10, '1_0.jpeg'))).toBe(true);
    expect(await readdir(join(folder, 'aa'))).toEqual([file.id.slice(2)]);
  });

  test('says how far a large picture is, and gives its tiles when they are whole', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    goOn = () => promise;
    const file = aPicture('a');
    const deepZooms = zooms();
    expect(await deepZooms.get(file)).toEqual({ state: 'making', share: 0.5 });
    expect(await isThere(deepZooms.tilePath(file.id, 10, '0_0.jpeg'))).toBe(false);
    resolve();
    expect(await deepZooms.get(file)).toEqual(picture);
  });

  test('says why a picture could not be cut, leaves nothing of it, and tries again when it is asked again', async () => {
    const file = aPicture('a');
    const deepZooms = zooms();
    goOn = () => Promise.reject(new Error('no room'));
    await expect(deepZooms.get(file)).rejects.toThrow('no room');
    expect(await readdir(join(folder, 'aa'))).toEqual([]);
    goOn = async () => undefined;
    expect(await deepZooms.get(file)).toEqual(picture);
  });

  test('makes room by those that were looked at longest ago', async () => {
    const deepZooms = zooms(2500);
    const [a, b, c] = ['a', 'b', 'c'].map(aPicture) as [FileRef, FileRef, FileRef];
    await deepZooms.get(a);
    await deepZooms.get(b);
    // Both were looked at two days ago, and the first one now.
    const before = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    for (const { id } of [a, b]) await utimes(join(folder, id.slice(0, 2), id.slice(2), 'kept.json'), before, before);
    await deepZooms.get(a);
    await deepZooms.get(c);
    const kept = await Promise.all([a, b, c].map(({ id }) => isThere(deepZooms.tilePath(id, 10, '0_0.jpeg'))));
    expect(kept).toEqual([true, false, true]);
  });

  test('keeps what came last even where there is room for nothing', async () => {
    const deepZooms = zooms(1);
    await deepZooms.get(aPicture('a'));
    expect(await deepZooms.get(aPicture('b'))).toEqual(picture);
    expect(await isThere(deepZooms.tilePath('b'.repeat(64), 10, '0_0.jpeg'))).toBe(true);
  });

  test('takes no tiles for whole that a process left that died while it removed them', async () => {
    const file = aPicture('a');
    const rest = join(folder, file.id.slice(0, 2), file.id.slice(2), 'tiles_files');
    await mkdir(rest, { recursive: true });
    expect(await zooms().get(file)).toEqual(picture);
    expect(cuts).toHaveLength(1);
  });
});
