import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { seedVersion } from '../testing/seed.ts';
import { aFile, openWorld, type World } from '../testing/world.ts';

describe.each(scratchKinds(inject('postgresUrl')))('assets on $name', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  async function place() {
    const { stores, workspaceId } = await world.openOne();
    const upload = async (seed: string) => {
      await stores.files.add(aFile(seed));
      return aFile(seed);
    };
    return { ...stores, workspaceId, upload };
  }

  test('are registered, renamed and deleted', async () => {
    const { assets, upload } = await place();
    const original = await upload('holiday');
    const asset = await assets.register({ original, sourceApp: 'shop' });
    expect(asset).toMatchObject({
      ...{ name: 'holiday.png', kind: 'image', sourceApp: 'shop', sourceId: null },
      ...{ original, originalState: 'kept', versions: [] },
    });
    expect(await assets.get(asset.id)).toEqual(asset);
    const renamed = await assets.rename(asset.id, 'The beach');
    expect(renamed).toEqual({ ...asset, name: 'The beach', updatedAt: renamed?.updatedAt });
    expect(await assets.delete(asset.id)).toBe(true);
    expect([await assets.get(asset.id), await assets.delete(asset.id)]).toEqual([undefined, false]);
  });

  test('are one for the same source, whose original and name are the last that came', async () => {
    const { assets, upload } = await place();
    const source = { sourceApp: 'shop', sourceId: 'avatar-7' };
    const [first, second] = [await upload('first'), await upload('second')];
    const asset = await assets.register({ original: first, name: 'Ada', ...source });
    const again = await Promise.all([1, 2, 3].map(() => assets.register({ original: second, ...source })));
    expect(new Set(again.map(({ id }) => id))).toEqual(new Set([asset.id]));
    expect(again[2]).toMatchObject({ name: 'Ada', original: second });
    const { id: plain } = await assets.register({ original: second });
    expect((await assets.register({ original: second })).id).toBe(plain);
    expect((await assets.register({ original: second, sourceApp: 'shop' })).id).not.toBe(plain);
    const other = await assets.register({ original: second, ...source, sourceApp: 'forum' });
    expect(other.id).not.toBe(asset.id);
    const fresh = { sourceApp: 'shop', sourceId: 'avatar-8' };
    const atOnce = await Promise.all([1, 2, 3, 4].map(() => assets.register({ original: first, ...fresh })));
    expect(new Set(atOnce.map(({ id }) => id)).size).toBe(1);
  });

  test('are listed, the newest first, in pages, by a part of the name, their source and a tier', async () => {
    const { assets, upload, workspaceId } = await place();
    const original = await upload('any');
    const ids: string[] = [];
    for (const name of ['Sunset 100%', 'sunrise_1', 'A\\B', 'Moon'])
      ids.push(
        (await assets.register({ original, name, sourceApp: name[0] === 's' ? 'shop' : 'forum', sourceId: name })).id,
      );
    const file = await upload('made');
    await seedVersion(world.database, { workspaceId, assetId: ids[3] ?? '', file }, 'standard');
    const version = await seedVersion(world.database, { workspaceId, assetId: ids[3] ?? '', file }, 'billboard');
    const namesOf = async (query: object) =>
      (await assets.list({ limit: 10, ...query })).assets.map(({ name }) => name).sort();
    expect(await namesOf({})).toEqual(['A\\B', 'Moon', 'Sunset 100%', 'sunrise_1']);
    expect(await namesOf({ q: 'SUN' })).toEqual(['Sunset 100%', 'sunrise_1']);
    expect(await namesOf({ q: '%' })).toEqual(['Sunset 100%']);
    expect(await namesOf({ q: '_' })).toEqual(['sunrise_1']);
    expect(await namesOf({ q: '\\' })).toEqual(['A\\B']);
    // Not every database knows the cases of Ü; as it is written it is found on all.
    await assets.rename(ids[3] ?? '', 'Moon over Zürich, ÜBER ALLEM');
    expect(await namesOf({ q: 'over ZüRICH, ÜBER' })).toEqual(['Moon over Zürich, ÜBER ALLEM']);
    await assets.rename(ids[3] ?? '', 'Moon');
    expect(await namesOf({ sourceApp: 'shop' })).toEqual(['sunrise_1']);
    expect(await namesOf({ tier: 'standard' })).toEqual(['Moon']);
    expect(await namesOf({ tier: 'free' })).toEqual([]);

    const first = await assets.list({ limit: 3 });
    const second = await assets.list({ limit: 3, cursor: first.nextCursor ?? undefined });
    expect(second.nextCursor).toBeNull();
    const seen = [...first.assets, ...second.assets];
    expect(seen.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    expect(seen.map(({ createdAt }) => createdAt)).toEqual(
      seen.map(({ createdAt }) => createdAt).sort((one, other) => other.localeCompare(one)),
    );
    const moon = seen.find(({ name }) => name === 'Moon');
    expect(moon).toMatchObject({ versionCount: 2, newestVersion: { id: version, number: 2, tier: 'billboard', file } });
    expect((await assets.get(ids[3] ?? ''))?.versions.map(({ number }) => number)).toEqual([2, 1]);
    expect(seen.find(({ name }) => name === 'A\\B')).toMatchObject({ versionCount: 0, newestVersion: null });
  });
});
