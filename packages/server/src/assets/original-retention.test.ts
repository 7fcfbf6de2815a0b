import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { FileRef } from '@imaginarium/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { DiskFileStore } from '../adapters/disk/disk-file-store.ts';
import { OutputFolder } from '../adapters/disk/output-folder.ts';
import { SqlDueOriginals } from '../adapters/typeorm/assets/due-originals.ts';
import { SqlInPlaceRecord } from '../adapters/typeorm/assets/files-in-place.ts';
import { SqlLeftovers } from '../adapters/typeorm/files/leftovers.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { seedVersion } from '../adapters/typeorm/testing/seed.ts';
import { aFile, openWorld, type World } from '../adapters/typeorm/testing/world.ts';
import { OriginalRetention } from './original-retention.ts';

const DAY_MS = 86_400_000;

describe.each(scratchKinds(inject('postgresUrl')))('originals of billboards on $name', (kind) => {
  let world: World;
  let folder: string;
  const warned: object[] = [];
  const log = { warn: (data: object) => warned.push(data) };
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imaginarium-originals-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** A workspace with an asset of which a billboard was made. */
  async function place({ tier = 'billboard', name = 'wall.txt' } = {}) {
    const { stores, workspaceId } = await world.openOne();
    const inspectPicture = async () => ({ width: 1, height: 1 });
    const store = new DiskFileStore({ root: join(folder, 'files'), inspectPicture, maxBytes: 1000 });
    const original = await store.put(Readable.from([Buffer.from(`${workspaceId} ${name}`)]), { name });
    await stores.files.add(original);
    const { id: assetId } = await stores.assets.register({ original, sourceApp: 'shop', sourceId: '1' });
    const made = { ...aFile('made'), name: 'wall-16x.jpg' };
    await stores.files.add(made);
    const versionId = await seedVersion(world.database, { workspaceId, assetId, file: made }, tier);
    const now = new Date().toISOString();
    await world.database.write(
      ({ sql }) => sql`UPDATE asset_version SET created_at = ${now}, ended_at = ${now} WHERE id = ${versionId}`,
    );
    const retention = (archive: string | null = join(folder, 'archive'), days: number | null = 7) =>
      new OriginalRetention({
        ...{ due: new SqlDueOriginals(world.database), days, locate: (id: string) => store.locate(id), log },
        archive: archive === null ? null : new OutputFolder(archive),
      });
    const sweep = (days: number, by = retention()) => by.sweep(new Date(Date.now() + days * DAY_MS));
    const asset = async () => stores.assets.get(assetId);
    return { stores, workspaceId, assetId, versionId, original, made, store, retention, sweep, asset };
  }

  /** Files that nobody needs go, as on a day far ahead. */
  async function missing({ stores }: Awaited<ReturnType<typeof place>>, files: FileRef[]) {
    const ahead = new Date(Date.now() + 30 * DAY_MS).toISOString();
    await new SqlLeftovers(world.database).disownFiles({ madeBefore: ahead, resultsUsedBefore: ahead });
    return stores.files.missing(files.map(({ id }) => id));
  }

  test('are moved to the archive after their days, and the asset says so and keeps what was made', async () => {
    const at = await place();
    expect(await at.sweep(6)).toBe(0);
    expect((await at.asset())?.originalState).toBe('kept');
    expect(await at.sweep(8)).toBe(1);
    expect(await at.asset()).toMatchObject({
      original: null,
      originalState: 'archived',
      versions: [{ file: at.made }],
    });
    const archived = join(folder, 'archive', at.workspaceId, at.assetId);
    expect(await readdir(archived)).toEqual(['wall.txt']);
    expect(await readFile(join(archived, 'wall.txt'), 'utf8')).toBe(`${at.workspaceId} wall.txt`);
    expect(await missing(at, [at.original, at.made])).toEqual([at.original.id]);
    expect(await at.sweep(8)).toBe(0);
    // The application sends it again: it is the original once more, and stays until its own billboard is old.
    await at.stores.files.add(at.original);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await at.stores.assets.register({ original: at.original, sourceApp: 'shop', sourceId: '1' });
    expect([await at.sweep(8), (await at.asset())?.originalState]).toEqual([0, 'kept']);
  });

  test('are removed where there is no archive, and stay where they are to stay or are not ours', async () => {
    const at = await place();
    expect(await at.sweep(400, at.retention(null, null))).toBe(0);
    const standard = await place({ tier: 'standard' });
    const inPlace = await place();
    await new SqlInPlaceRecord(world.database).keep({ path: '/srv/wall.png', file: inPlace.original, writtenNs: 1n });
    const atWork = await place();
    await world.database.write(
      ({ sql }) => sql`
        INSERT INTO asset_version (
          id, workspace_id, asset_id, number, tier, run_id, place, item, credits_quoted, estimate_ms, left_out, created_at
        ) VALUES (
          ${atWork.assetId}, ${atWork.workspaceId}, ${atWork.assetId}, 9, 'free', ${atWork.assetId}, 0, 0, 0, 0, '[]',
          ${new Date().toISOString()}
        )`,
    );
    expect(await at.sweep(8, at.retention(null))).toBe(1);
    expect((await at.asset())?.originalState).toBe('removed');
    expect(await missing(at, [at.original])).toEqual([at.original.id]);
    for (const other of [standard, inPlace, atWork]) expect((await other.asset())?.originalState).toBe('kept');
  });

  test('are moved once when a server dies before it is written down', async () => {
    const at = await place();
    const due = new SqlDueOriginals(world.database);
    const dying = new OriginalRetention({
      due: { list: (before, page) => due.list(before, page), retire: () => Promise.reject(new Error('died')) },
      ...{
        days: 7,
        log,
        locate: (id: string) => at.store.locate(id),
        archive: new OutputFolder(join(folder, 'archive')),
      },
    });
    await expect(at.sweep(8, dying)).rejects.toThrow('died');
    expect((await at.asset())?.originalState).toBe('kept');
    expect(await at.sweep(8)).toBeGreaterThan(0);
    expect(await readdir(join(folder, 'archive', at.workspaceId, at.assetId))).toEqual(['wall.txt']);
  });

  test('stay one by one where they cannot be archived, and keep none of the others', async () => {
    const gone = await place();
    const others = [await place(), await place()];
    await rm(gone.store.pathOf(gone.original.id));
    expect(await gone.sweep(8)).toBe(2);
    const states = [gone, ...others].map(async ({ asset }) => (await asset())?.originalState);
    expect(await Promise.all(states)).toEqual(['kept', 'archived', 'archived']);
    expect(warned).toEqual([{ assetId: gone.assetId, workspaceId: gone.workspaceId, err: expect.any(Error) }]);
  });
});

test('originals that stay are passed over once, however many there are', async () => {
  let there = Array.from({ length: 520 }, (_, index) => ({
    ...{ assetId: `${index}`, workspaceId: 'w', original: aFile(`original ${index}`) },
  }));
  const staying = new Set(
    there.filter((_, index) => index % 2 === 0 || index < 150).map(({ original }) => original.id),
  );
  const retention = new OriginalRetention({
    due: {
      list: async (_before, { limit, skip }) => there.slice(skip, skip + limit),
      retire: async (due) => {
        there = there.filter((one) => one !== due);
      },
    },
    ...{ days: 7, archive: { save: async () => '' }, log: { warn: () => undefined } },
    locate: (id) => (staying.has(id) ? Promise.reject(new Error('It is gone.')) : Promise.resolve('/path')),
  });
  expect(await retention.sweep(new Date())).toBe(520 - staying.size);
  expect(there.map(({ original }) => original.id)).toEqual([...staying]);
});
