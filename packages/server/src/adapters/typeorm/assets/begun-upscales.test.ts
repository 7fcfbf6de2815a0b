import { randomUUID } from 'node:crypto';
import { systemClock } from '@imaginarium/engine';
import type { FileRef } from '@imaginarium/protocol';
import { describe, expect, inject, test } from 'vitest';
import { SqlLeftovers } from '../files/leftovers.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { EVER, LONG_AGO, upscalesOn } from './testing/upscales-on.ts';

describe.each(scratchKinds(inject('postgresUrl')))('upscales that begin on $name', (kind) => {
  const { errors, look, place, world } = upscalesOn(kind);

  test('are taken back where the run is not accepted, and forgotten where the server died before it was', async () => {
    const accepted = await place(1);
    await accepted.queue();
    await accepted.begun.withdraw();
    expect(await accepted.states()).toEqual(['queued']);
    const { stores, begun, originals } = await place(2);
    await begun.withdraw();
    expect((await stores.assets.list({ limit: 9 })).assets).toEqual([]);
    expect(await stores.files.missing(originals.map(({ id }) => id))).toEqual([]);
    const kept = await stores.assets.register({ original: originals[0] as FileRef });
    const again = { runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null } as const;
    const pictures = originals.map((original, place) => {
      return { place, item: place, asset: place === 0 ? kept : { original }, credits: 0 };
    });
    await stores.upscales.begin({ ...again, pictures });
    await look();
    expect(await stores.upscales.ofRun(again.runId)).toHaveLength(2);
    await look({ ...systemClock, now: () => Date.now() + 660_000 });
    expect(await stores.upscales.ofRun(again.runId)).toEqual([]);
    expect((await stores.assets.list({ limit: 9 })).assets.map(({ id }) => id)).toEqual([kept.id]);
  });

  test('that are taken back leave an asset the original and the name that it had', async () => {
    const { stores, originals } = await place(2);
    const [first, second] = originals as [FileRef, FileRef];
    const source = { sourceApp: 'shop', sourceId: '7' };
    const { id } = await stores.assets.register({ original: first, name: 'Ada', ...source });
    const asked = { runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null } as const;
    const named = await stores.upscales.begin({
      ...asked,
      pictures: [{ place: 0, item: 0, asset: { id }, credits: 0 }],
    });
    await named.withdraw();
    expect((await stores.assets.get(id))?.name).toBe('Ada');
    const asset = { original: second, name: 'Eve', ...source };
    const begin = () =>
      stores.upscales.begin({ ...asked, pictures: [0, 1].map((place) => ({ place, item: place, asset, credits: 0 })) });
    const has = async () => {
      const found = await stores.assets.get(id);
      return [found?.name, found?.original?.id, found?.versions.length];
    };
    const begun = await begin();
    expect(await has()).toEqual(['Eve', second.id, 2]);
    await begun.withdraw();
    expect(await has()).toEqual(['Ada', first.id, 0]);
    // Whoever gave it another one since is heard.
    const again = await begin();
    const third = { ...first, id: 'd'.repeat(64) };
    await stores.files.add(third);
    await stores.assets.register({ original: third, ...source });
    await again.withdraw();
    expect(await has()).toEqual(['Eve', third.id, 0]);
  });

  test('that were begun by a server that died leave an asset the original that it had, which nobody removed meanwhile', async () => {
    const { stores, originals, workspaceId } = await place(3);
    const [first, second, third] = originals as [FileRef, FileRef, FileRef];
    const source = { sourceApp: 'shop', sourceId: '8' };
    const { id } = await stores.assets.register({ original: first, name: 'Ada', ...source });
    const asked = { tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null } as const;
    for (const original of [second, third])
      await stores.upscales.begin({
        ...{ ...asked, runId: randomUUID() },
        pictures: [{ place: 0, item: 0, asset: { original, name: 'Eve', ...source }, credits: 0 }],
      });
    await world.database.write(
      ({ sql }) => sql`UPDATE file SET created_at = ${LONG_AGO} WHERE workspace_id = ${workspaceId}`,
    );
    await new SqlLeftovers(world.database).disownFiles({ madeBefore: EVER, resultsUsedBefore: EVER });
    await look({ ...systemClock, now: () => Date.now() + 660_000 });
    expect(await stores.assets.get(id)).toMatchObject({ name: 'Ada', original: first, versions: [] });
    expect(errors).toEqual([]);
  });

  test('count up the versions of an asset, also of several at once', async () => {
    const { stores } = await place(1);
    const [asset] = (await stores.assets.list({ limit: 1 })).assets;
    if (!asset) throw new Error('The asset is not there.');
    const begin = () =>
      stores.upscales.begin({
        ...{ runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null },
        pictures: [0, 1].map((place) => ({ place, item: place, asset, credits: 0 })),
      });
    await Promise.all([begin(), begin(), begin()]);
    const numbers = (await stores.assets.get(asset.id))?.versions.map(({ number }) => number);
    expect(numbers).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('of the same pictures in another order do not wait for each other in a circle', async () => {
    const { stores, originals } = await place(6);
    const assetOf = (original: FileRef, index: number) => ({ original, sourceApp: 'shop', sourceId: `${index}` });
    const assets = originals.map(assetOf);
    const begin = (order: typeof assets) =>
      stores.upscales.begin({
        ...{ runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null },
        pictures: order.map((asset, at) => ({ place: at, item: at, asset, credits: 0 })),
      });
    await begin(assets);
    await Promise.all(Array.from({ length: 6 }, (_, at) => begin(at % 2 === 0 ? assets : assets.toReversed())));
    const listed = (await stores.assets.list({ limit: 20, sourceApp: 'shop' })).assets;
    expect(listed.map(({ versionCount }) => versionCount)).toEqual([7, 7, 7, 7, 7, 7]);
  });
});
