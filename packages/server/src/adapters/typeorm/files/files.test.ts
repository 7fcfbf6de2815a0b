import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { SqlStepCache } from '../runs/step-cache.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aFile, openWorld, type World } from '../testing/world.ts';

describe.each(scratchKinds(inject('postgresUrl')))('files and cached steps on $name', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  test('keeps the first name and time of a file, and tells which ids are missing', async () => {
    const { files } = (await world.openOne()).stores;
    const first = await files.add(aFile('a'));
    expect(await files.add({ ...aFile('a'), name: 'later.png' })).toEqual(first);
    expect(await files.get(first.id)).toEqual(first);
    const absent = aFile('absent').id;
    expect(await files.missing([first.id, absent, absent, 'odd\0'])).toEqual([absent, 'odd\0']);
    expect(await files.missing([])).toEqual([]);
  });

  test('lists files, the newest first, in pages', async () => {
    const { files } = (await world.openOne()).stores;
    const added = await Promise.all(Array.from({ length: 7 }, (_, index) => files.add(aFile(`file ${index}`))));
    const first = await files.list({ limit: 4 });
    const second = await files.list({ limit: 4, cursor: first.nextCursor ?? undefined });
    expect(second.nextCursor).toBeNull();
    const seen = [...first.files, ...second.files].map(({ id }) => id);
    expect(seen.toSorted()).toEqual(added.map(({ id }) => id).toSorted());
  });

  test('forgets the cached steps that answered longest ago', async () => {
    const { workspaceId } = await world.openOne();
    let now = Date.now();
    const cache = new SqlStepCache(world.database, { limit: 10, now: () => now });
    await cache.put(workspaceId, 'first', { outputs: {} });
    for (let index = 0; index < 98; index++) await cache.put(workspaceId, `key ${index}`, { outputs: {} });
    now += 2 * 60 * 60 * 1000;
    expect(await cache.get(workspaceId, 'first')).toEqual({ outputs: {} });
    await cache.put(workspaceId, 'last', { outputs: {} });
    const kept = await world.database.read(
      ({ sql }) => sql`SELECT key FROM step_cache WHERE workspace_id = ${workspaceId}`,
    );
    expect(kept).toHaveLength(10);
    expect(kept.map((row) => row.key)).toEqual(expect.arrayContaining(['first', 'last']));
  });
});
