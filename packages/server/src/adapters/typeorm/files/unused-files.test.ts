import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aNewRun } from '@imaginarium/engine/testing';
import type { FileRef, Item } from '@imaginarium/protocol';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { bytesOf, DiskFileStore } from '../../disk/disk-file-store.ts';
import { UnownedFiles } from '../../disk/unowned-files.ts';
import { noteEarlierUses } from '../runs/file-uses.ts';
import { SqlStepCache } from '../runs/step-cache.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { seedVersion } from '../testing/seed.ts';
import { aStep, graphOf, openWorld, type World } from '../testing/world.ts';
import { SqlLeftovers } from './leftovers.ts';
import { UnusedFiles } from './unused-files.ts';

const LONG_AGO = '2026-01-01T00:00:00.000Z';
const SINCE = '2026-02-01T00:00:00.000Z';
const before = { madeBefore: SINCE, resultsUsedBefore: SINCE };
const outcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;

/** Everything that can name a file, and whether it is still there once old runs were removed. */
const HOLDERS = {
  'an old run': false,
  'an old run that passed it on': false,
  'a result that nobody used': false,
  'a run that stays': true,
  'the inputs of a queued run': true,
  'a run at work that has stored nothing yet': true,
  'a step at work': true,
  'a draft': true,
  'a pinned item': true,
  'a version': true,
  'the cover of a workflow': true,
  'the answer that a run waits with': true,
  'a result that was just used': true,
  'somebody who uploaded it': true,
  'an asset': true,
  'a version of an asset': true,
} as const;
type Holder = keyof typeof HOLDERS;
const holders = Object.keys(HOLDERS) as Holder[];

describe.each(scratchKinds(inject('postgresUrl')))('UnusedFiles on $name', (kind) => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld(kind);
  });
  afterEach(() => world.remove());

  /** A workspace, and ways for each holder to name files in it. */
  async function place() {
    const { workspaceId, workflowId, stores } = await world.openOne();
    const { runStore, database } = world;
    const at = { workspaceId, workflowId };
    const begin = async (changes = {}) => {
      const { run } = await runStore.accept(aNewRun({ ...at, graph: graphOf(1), id: randomUUID(), ...changes }));
      const lease = await runStore.claim(run.id, 'worker', 60_000);
      if (!lease) throw new Error('not claimed');
      return { id: run.id, lease };
    };
    const stepWith = (file: FileRef) => {
      const item: Item = { id: 'i', file, fields: {}, from: [] };
      return { steps: [aStep('n1', { outputs: { image: [item] } })], events: [] };
    };
    const end = async ({ id, lease }: Awaited<ReturnType<typeof begin>>, file: FileRef, endedAt: string) => {
      await runStore.settle(lease, outcome, stepWith(file));
      await database.write(
        ({ sql }) => sql`UPDATE run SET finished_at = ${endedAt}, created_at = ${endedAt} WHERE id = ${id}`,
      );
    };
    const keep = async (file: FileRef, usedAt: number) => {
      const outputs = { image: [{ value: file, fields: {}, row: 0 }] };
      await new SqlStepCache(database, { now: () => usedAt }).put(workspaceId, randomUUID(), { outputs });
    };
    const graphWith = (file: FileRef) => {
      const [node] = graphOf(1).nodes;
      if (!node) throw new Error('expected a node');
      return { ...graphOf(1), nodes: [{ ...node, params: { photo: { ...file } } }] };
    };
    const make = async (file: FileRef) => {
      const run = await begin();
      await stores.files.addMade(file, run.id);
      await end(run, file, LONG_AGO);
      await database.write(({ sql }) => sql`UPDATE file SET created_at = ${LONG_AGO} WHERE id = ${file.id}`);
    };
    const hold: Record<Holder, (file: FileRef) => Promise<unknown>> = {
      'an old run': make,
      'an old run that passed it on': async (file) => end(await begin(), file, LONG_AGO),
      'a result that nobody used': (file) => keep(file, Date.parse(LONG_AGO)),
      'a run that stays': async (file) => end(await begin(), file, new Date().toISOString()),
      'the inputs of a queued run': (file) =>
        runStore.accept(aNewRun({ ...at, graph: graphOf(1), id: randomUUID(), inputs: { photo: { ...file } } })),
      'a run at work that has stored nothing yet': async (file) => stores.files.addMade(file, (await begin()).id),
      'a step at work': async (file) => {
        const parts = [{ node: 'n1', iteration: '', call: 0, outputs: stepWith(file).steps[0]?.outputs }];
        // The shape of a part does not matter to who reads which files it names.
        await runStore.checkpoint((await begin()).lease, { steps: [], events: [], parts: parts as never });
      },
      'a draft': async (file) => stores.workflows.create({ name: 'Draft', graph: graphWith(file) }),
      'a pinned item': async (file) => {
        const [node] = graphOf(1).nodes;
        const pinned = { image: [{ id: 'i', file, fields: {}, from: [] }] };
        await stores.workflows.create({
          name: 'Pinned',
          graph: { ...graphOf(1), nodes: [{ ...node, pinned }] as never },
        });
      },
      'a version': async (file) => {
        const { id } = await stores.workflows.create({ name: 'Version', graph: graphWith(file) });
        await stores.workflows.createVersion(id, { label: null, createdBy: 'somebody' });
        await stores.workflows.delete(id);
      },
      'the cover of a workflow': async (file) => {
        const { id } = await stores.workflows.create({ name: 'Covered', graph: graphOf(1) });
        await stores.workflows.setCover(id, file);
      },
      'the answer that a run waits with': async (file) => {
        const { id } = await begin();
        await database.write(
          ({ sql }) => sql`
            INSERT INTO run_wait (id, run_id, workspace_id, node, iteration, call, kind, about, since, answer)
            VALUES (${randomUUID()}, ${id}, ${workspaceId}, 'n1', '', 0, 'run', '{}', ${LONG_AGO},
              ${JSON.stringify({ timeIsUp: false, value: { items: [{ value: file, fields: {} }] } })})`,
        );
      },
      'a result that was just used': (file) => keep(file, Date.now()),
      'somebody who uploaded it': (file) => stores.files.add(file),
      'an asset': (file) => stores.assets.register({ original: file }),
      'a version of an asset': async (file) => {
        const original = await stores.files.add(aFile('original'));
        const asset = await stores.assets.register({ original });
        await seedVersion(database, { workspaceId, assetId: asset.id, file });
      },
    };
    return { stores, workspaceId, make, hold };
  }

  const aFile = (seed: string): FileRef => ({
    ...{ id: createHash('sha256').update(seed).digest('hex'), kind: 'image', mime: 'image/png', bytes: 10 },
    name: 'made.png',
  });

  test('a file that a run made stays for exactly as long as something that stays names it', {
    timeout: 180_000,
  }, async () => {
    const leftovers = new SqlLeftovers(world.database);
    const files = fc.array(fc.subarray(holders, { maxLength: 3 }), { minLength: 1, maxLength: holders.length });
    const check = async (heldBy: Holder[][]) => {
      const { stores, make, hold } = await place();
      const made = heldBy.map((_, index) => aFile(`${index}`));
      for (const [index, file] of made.entries()) {
        await make(file);
        for (const holder of heldBy[index] ?? []) await hold[holder](file);
      }
      await leftovers.removeRuns(SINCE);
      await leftovers.disownFiles(before);
      const gone = await stores.files.missing(made.map(({ id }) => id));
      const expected = made.filter((_, index) => !heldBy[index]?.some((holder) => HOLDERS[holder]));
      expect(gone.sort()).toEqual(expected.map(({ id }) => id).sort());
    };
    await check(holders.map((holder) => [holder]));
    await fc.assert(fc.asyncProperty(files, check), { numRuns: kind.name === 'SQLite' ? 25 : 5 });
  });

  test('an upload that an asset lets go of goes too, unless something else names it', async () => {
    const { stores, hold, workspaceId } = await place();
    const leftovers = new SqlLeftovers(world.database);
    const [deleted, replaced, drawn, shared, version] = ['deleted', 'replaced', 'drawn', 'shared', 'version'].map(
      aFile,
    );
    const uploads = [deleted, replaced, drawn, shared, version] as [FileRef, FileRef, FileRef, FileRef, FileRef];
    for (const file of uploads) await stores.files.add(file);
    await world.database.write(({ sql }) => sql`UPDATE file SET created_at = ${LONG_AGO}`);
    await hold['a draft'](uploads[2]);
    await stores.assets.register({ original: uploads[3], sourceApp: 'forum' });
    for (const file of [uploads[0], uploads[2], uploads[3]]) {
      const { id } = await stores.assets.register({ original: file });
      await seedVersion(world.database, { workspaceId, assetId: id, file: uploads[4] });
      await stores.assets.delete(id);
    }
    const source = { sourceApp: 'shop', sourceId: '1' };
    await stores.assets.register({ original: uploads[1], ...source });
    await leftovers.disownFiles(before);
    expect(await stores.files.missing(uploads.map(({ id }) => id))).toEqual([uploads[0].id, uploads[4].id]);
    await stores.assets.register({ original: uploads[3], ...source });
    await leftovers.disownFiles(before);
    expect(await stores.files.missing([uploads[1].id, uploads[3].id])).toEqual([uploads[1].id]);
  });

  test('an upload goes only when somebody says so, and what runs of earlier versions name stays', async () => {
    const { stores, hold } = await place();
    const files = ['old', 'passed on', 'kept', 'new'].map(aFile) as [FileRef, FileRef, FileRef, FileRef];
    const [old, passedOn, kept, fresh] = files;
    for (const file of files) await stores.files.add(file);
    await world.database.write(({ sql }) => sql`UPDATE file SET created_at = ${LONG_AGO} WHERE id <> ${fresh.id}`);
    await hold['an old run that passed it on'](passedOn);
    await hold['a draft'](kept);
    // As it was before runs wrote down what they name.
    await world.database.write(({ sql }) => sql`DELETE FROM file_use`);
    const unused = new UnusedFiles(world.database);
    const uploads = { ...before, uploadedBefore: SINCE };
    expect((await unused.count(before)).files).toBe(0);
    for (let time = 0; time < 2; time++) await noteEarlierUses(world.database);
    expect((await unused.count(uploads)).files).toBe(1);
    expect(await unused.disown(uploads)).toBe(1);
    expect(await stores.files.missing(files.map(({ id }) => id))).toEqual([old.id]);
  });

  test('is counted before it goes, with the runs that would go first', async () => {
    const { make, hold, stores } = await place();
    await make(aFile('gone'));
    await make(aFile('kept'));
    await hold['a draft'](aFile('kept'));
    const unused = new UnusedFiles(world.database);
    expect(await unused.count(before)).toEqual({ files: 0, bytes: 0 });
    expect(await unused.count({ ...before, endedBefore: SINCE })).toEqual({ files: 1, bytes: 10 });
    expect(await stores.files.missing([aFile('gone').id])).toEqual([]);
  });

  test('frees the bytes on the disk, once no other workspace has the same', async () => {
    const root = await mkdtemp(join(tmpdir(), 'imaginarium-files-'));
    const store = new DiskFileStore({
      root,
      maxBytes: 1e6,
      inspectPicture: async () => ({ width: 1, height: 1 }),
    } as never); // Nothing here is a picture.
    const put = async (text: string) => {
      const file = await store.put(bytesOf(import.meta.filename), { name: text });
      return file;
    };
    const shared = await put('shared');
    const [here, there] = [await place(), await place()];
    await here.make(shared);
    await there.make(shared);
    await there.hold['a draft'](shared);
    const long = new Date(LONG_AGO);
    await utimes(store.pathOf(shared.id), long, long);
    const leftovers = new SqlLeftovers(world.database);
    const unowned = new UnownedFiles({ root, owners: leftovers });
    await leftovers.removeRuns(SINCE);
    expect([await leftovers.disownFiles(before), await unowned.remove()]).toEqual([1, { files: 0, bytes: 0 }]);
    expect(await store.locate(shared.id)).toBe(store.pathOf(shared.id));
    await world.database.write(
      ({ sql }) => sql`UPDATE workflow SET deleted_at = ${LONG_AGO} WHERE workspace_id = ${there.workspaceId}`,
    );
    expect([await leftovers.disownFiles(before), (await unowned.remove()).files]).toEqual([1, 1]);
    await expect(store.locate(shared.id)).rejects.toThrow('is not in the store');
    await rm(root, { recursive: true });
  });
});
