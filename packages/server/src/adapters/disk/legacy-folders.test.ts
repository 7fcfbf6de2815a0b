import { execFileSync } from 'node:child_process';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  unlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplePng } from '@imaginarium/node-sdk/testing';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { HttpError } from '../../http/http-error.ts';
import { SqlInPlaceRecord } from '../typeorm/assets/files-in-place.ts';
import { SqlLeftovers } from '../typeorm/files/leftovers.ts';
import { scratchKinds } from '../typeorm/testing/scratch-databases.ts';
import { openWorld, type World } from '../typeorm/testing/world.ts';
import { DiskFileStore } from './disk-file-store.ts';
import { LegacyFolders } from './legacy-folders.ts';

describe.each(scratchKinds(inject('postgresUrl')))('legacy folders on $name', (kind) => {
  let world: World;
  let root: string;
  let allowed: string;
  let inspected = 0;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'imaginarium-legacy-')));
    allowed = join(root, 'shop');
    await mkdir(join(allowed, 'avatars'), { recursive: true });
    await writeFile(join(allowed, 'avatars', 'ada.png'), samplePng(20, 10));
    await writeFile(join(root, 'secret.png'), samplePng(3, 3));
    inspected = 0;
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  function open(folders: string[] = [allowed]) {
    const taking = {
      inspectPicture: async () => {
        inspected += 1;
        return { width: 20, height: 10 };
      },
      maxBytes: 10_000,
    };
    const legacy = new LegacyFolders({ ...taking, folders, record: new SqlInPlaceRecord(world.database) });
    return { legacy, store: new DiskFileStore({ ...taking, root: join(root, 'files'), inPlace: legacy }) };
  }

  const bytesIn = async (store: DiskFileStore, id: string) =>
    Buffer.concat(await Array.fromAsync(await store.open(id, undefined)));
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => 'taken',
      (error: unknown) => (error instanceof HttpError ? error.code : String(error)),
    );

  test('a picture is registered once, and read where it lies', async () => {
    const { legacy, store } = open();
    const path = join(allowed, 'avatars', 'ada.png');
    const file = await legacy.register(path);
    expect(file).toMatchObject({ kind: 'image', mime: 'image/png', name: 'ada.png', width: 20, height: 10 });
    expect(await legacy.register(path)).toEqual(file);
    expect(inspected).toBe(1);
    expect(await store.locate(file.id)).toBe(path);
    expect(await bytesIn(store, file.id)).toEqual(await readFile(path));
    // Another server, that allows no folders any more, has nothing.
    await expect(open([]).store.locate(file.id)).rejects.toThrow('is not in the store');
  });

  test('one that was changed or moved since is not taken for what it was, and is registered anew when it is named again', async () => {
    const { legacy, store } = open();
    const path = join(allowed, 'avatars', 'ada.png');
    const before = await legacy.register(path);
    await writeFile(path, samplePng(30, 10));
    const changed =
      /^ada\.png is read where it lies, and was changed, moved or removed there since it was registered\./;
    await expect(store.open(before.id)).rejects.toThrow(changed);
    const after = await legacy.register(path);
    expect([after.id === before.id, await bytesIn(store, after.id)]).toEqual([false, await readFile(path)]);
    // The same bytes, written again: nobody can know that they are the same.
    await utimes(path, new Date(), new Date(Date.now() + 5000));
    await expect(store.locate(after.id)).rejects.toThrow(changed);
    expect((await legacy.register(path)).id).toBe(after.id);
    expect(await store.locate(after.id)).toBe(path);
    await rename(path, `${path}.moved`);
    await symlink(join(root, 'secret.png'), path);
    await expect(store.locate(after.id)).rejects.toThrow(changed);
    await unlink(path);
    await expect(store.locate(after.id)).rejects.toThrow(changed);
    expect(await codeOf(legacy.register(path))).toBe('not-found');
  });

  test('is found in another of its places, where one has changed', async () => {
    const { legacy, store } = open();
    const [one, two] = [join(allowed, 'avatars', 'ada.png'), join(allowed, 'copy.png')];
    await writeFile(two, await readFile(one));
    const { id } = await legacy.register(one);
    expect((await legacy.register(two)).id).toBe(id);
    await unlink(two);
    expect(await store.locate(id)).toBe(one);
    await unlink(one);
    await expect(store.locate(id)).rejects.toThrow('is read where it lies, and was changed, moved or removed');
  });

  test('where it lies is forgotten once nobody owns it', async () => {
    const { legacy, store } = open();
    const { stores } = await world.openOne();
    const kept = await legacy.register(join(allowed, 'avatars', 'ada.png'));
    await stores.files.add(kept);
    await writeFile(join(allowed, 'other.png'), samplePng(9, 9));
    const lost = await legacy.register(join(allowed, 'other.png'));
    const moment = new Date(Date.now() + 1000).toISOString();
    await new SqlLeftovers(world.database).disownFiles({ madeBefore: moment, resultsUsedBefore: moment });
    expect(await store.locate(kept.id)).toBe(join(allowed, 'avatars', 'ada.png'));
    await expect(store.locate(lost.id)).rejects.toThrow('is not in the store');
  });

  test('what leads out of the folder, is hidden, or is no picture, is refused', async () => {
    const { legacy } = open();
    await symlink(join(root, 'secret.png'), join(allowed, 'out.png'));
    await symlink(root, join(allowed, 'up'));
    await symlink(join(allowed, 'avatars', 'ada.png'), join(allowed, 'inside.png'));
    await symlink(join(allowed, 'loop.png'), join(allowed, 'loop.png'));
    await mkdir(join(allowed, '.git'));
    await writeFile(join(allowed, '.git', 'a.png'), samplePng(2, 2));
    await symlink(join(allowed, '.git', 'a.png'), join(allowed, 'shown.png'));
    await writeFile(join(allowed, 'notes.png'), 'not a picture');
    await writeFile(join(allowed, 'large.png'), Buffer.alloc(10_001));
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(allowed, 'pipe.png')]);
    const refusals: Record<string, string> = {
      ...{ 'out.png': 'not-allowed', 'up/secret.png': 'not-allowed', '../secret.png': 'not-allowed' },
      ...{ '.git/a.png': 'not-allowed', 'shown.png': 'not-allowed', 'loop.png': 'not-allowed' },
      ...{ '': 'not-allowed', avatars: 'not-allowed', 'pipe.png': 'not-allowed', 'avatars//ada.png': 'not-allowed' },
      ...{ 'nothing.png': 'not-found', 'avatars/ada.png/x': 'not-found', 'a\0.png': 'not-allowed' },
      ...{ 'inside.png': 'taken' },
    };
    for (const [name, code] of Object.entries(refusals))
      expect([name, await codeOf(legacy.register(`${allowed}/${name}`))]).toEqual([name, code]);
    expect(await codeOf(legacy.register(join(allowed, 'notes.png')))).toContain('FileRefusedError');
    expect(await codeOf(legacy.register(join(allowed, 'large.png')))).toContain('larger than the limit');
    for (const path of ['avatars/ada.png', '/etc/passwd', `${allowed}-2/x.png`, join(root, 'secret.png')])
      expect(await codeOf(legacy.register(path))).toBe('not-allowed');
    expect(await codeOf(open([]).legacy.register(join(allowed, 'avatars', 'ada.png')))).toBe('not-allowed');
    if (process.getuid?.() === 0) return;
    await chmod(join(allowed, 'avatars', 'ada.png'), 0);
    expect(await codeOf(legacy.register(join(allowed, 'avatars', 'ada.png')))).toBe('not-allowed');
  });

  test('whichever way leads to a picture, it is taken exactly where the way is plain and its end in the folder', async () => {
    const { legacy, store } = open();
    await symlink(root, join(allowed, 'up'));
    await symlink('..', join(allowed, 'avatars', 'back'));
    await symlink('../..', join(allowed, 'avatars', 'far'));
    await symlink('avatars/ada.png', join(allowed, 'in.png'));
    await symlink('../secret.png', join(allowed, 'out.png'));
    await mkdir(join(allowed, '.hidden'));
    await writeFile(join(allowed, '.hidden', 'a.png'), samplePng(5, 5));
    await symlink('../.hidden', join(allowed, 'avatars', 'shown'));
    /** Goes from folder to folder, over links and back, until it comes to a file. */
    const walk = async (choices: number[]) => {
      let path = allowed;
      for (const choice of choices) {
        const names = [...(await readdir(path)), '..', '.'].sort();
        const next = `${path}/${names[choice % names.length]}`;
        // What lies around this test belongs to others, and comes and goes.
        if (!(await realpath(next)).startsWith(root)) continue;
        path = next;
        if (!(await stat(path)).isDirectory()) break;
      }
      return path;
    };
    const isPlain = (path: string) => path.startsWith(`${allowed}/`) && !path.includes('/.');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), async (choices) => {
        const path = await walk(choices);
        const [real, stats] = [await realpath(path), await stat(path)];
        const outcome = await legacy.register(path).catch((error: unknown) => error);
        if (!stats.isFile() || !isPlain(path) || !isPlain(real)) {
          expect(outcome).toMatchObject({ code: 'not-allowed' });
          return;
        }
        const { id } = outcome as { id: string };
        expect([await store.locate(id), await bytesIn(store, id)]).toEqual([real, await readFile(real)]);
      }),
      { numRuns: kind.name === 'SQLite' ? 300 : 50 },
    );
  });

  test('whatever is named, and be it no path at all, is refused in words', async () => {
    const { legacy } = open();
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'shop',
      'secret.png',
      '%2e%2e',
      '\\..',
      '\0',
      '~',
      'C:',
      '\ud800',
      'a'.repeat(300),
    );
    const start = fc.constantFrom(allowed, `${allowed}/`, root, '', '/', `//${allowed}`, allowed.toUpperCase());
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.array(fc.oneof(part, fc.string()), { minLength: 1, maxLength: 5 }),
        async (from, parts) => {
          const outcome = await legacy.register([from, ...parts].join('/')).catch((error: unknown) => error);
          expect(outcome).toBeInstanceOf(HttpError);
          expect(['not-allowed', 'not-found']).toContain((outcome as HttpError).code);
        },
      ),
      { numRuns: kind.name === 'SQLite' ? 300 : 10 },
    );
  });
});
