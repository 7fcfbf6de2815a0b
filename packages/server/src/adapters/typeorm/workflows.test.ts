import { aNewRun } from '@imaginarium/engine/testing';
import { emptyGraph } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { UnstorableTextError } from './database/identifiers.ts';
import { scratchKinds } from './testing/scratch-databases.ts';
import { aFile, graphOf, openWorld, type World } from './testing/world.ts';

describe.each(scratchKinds(inject('postgresUrl')))('SqlWorkflowStore on $name', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  test('saves a draft once for each revision, and says which one is there when it was not the last', async () => {
    const { workflows } = (await world.openOne()).stores;
    const { id, revision } = await workflows.create({ name: 'Sepia', graph: emptyGraph() });
    const saves = await Promise.all(
      [1, 2, 3].map((count) => workflows.saveDraft(id, { graph: graphOf(count), revision })),
    );
    expect(saves.filter((save) => save && 'revision' in save)).toHaveLength(1);
    expect(saves.filter((save) => save && 'conflict' in save)).toEqual([{ conflict: 2 }, { conflict: 2 }]);
    const stored = await workflows.get(id);
    expect(stored).toMatchObject({ name: 'Sepia', revision: 2, latestVersion: null, cover: null });
    expect(stored?.nodeCount).toBe(stored?.draft.nodes.length);
  });

  test('numbers versions without a gap and never changes one', async () => {
    const { workflows } = (await world.openOne()).stores;
    const { id } = await workflows.create({ name: 'Sepia', graph: graphOf(1) });
    const made = await Promise.all(
      ['a', null, 'c'].map((label) => workflows.createVersion(id, { label, createdBy: 'me' })),
    );
    expect(made.map((version) => version?.version).sort()).toEqual([1, 2, 3]);
    await workflows.saveDraft(id, { graph: graphOf(2), revision: 1 });
    await workflows.createVersion(id, { label: 'two nodes', createdBy: 'me' });
    expect((await workflows.listVersions(id))?.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    expect((await workflows.getVersion(id, 1))?.graph).toEqual(graphOf(1));
    expect((await workflows.getVersion(id, 4))?.graph).toEqual(graphOf(2));
    expect((await workflows.get(id))?.latestVersion).toBe(4);
    for (const version of [0, 5, -1, 2 ** 31, 2 ** 60]) expect(await workflows.getVersion(id, version)).toBeUndefined();
  });

  test('keeps the order of keys, and every JSON value, as they were given', async () => {
    const { workflows } = (await world.openOne()).stores;
    const params = {
      z: '1e3',
      a: Number.MAX_SAFE_INTEGER,
      f: 1e300,
      nested: { b: [null, true, 0.1, 'é\u2028"'], a: {} },
    };
    const graph = { ...graphOf(1), notes: [] };
    graph.nodes = graph.nodes.map((node) => ({ ...node, params }));
    const { id } = await workflows.create({ name: 'Keys', graph });
    expect(JSON.stringify((await workflows.get(id))?.draft)).toBe(JSON.stringify(graph));
  });

  test('renames, covers and deletes; what was deleted is gone but for its runs', async () => {
    const { workspaceId, stores } = await world.openOne();
    const { id } = await stores.workflows.create({ name: 'Sepia', graph: emptyGraph() });
    const { run } = await world.runStore.accept(aNewRun({ workspaceId, workflowId: id }));
    await stores.workflows.setCover(id, aFile('cover'));
    expect(await stores.workflows.rename(id, 'Toned')).toMatchObject({ name: 'Toned', cover: aFile('cover') });
    expect((await stores.workflows.list()).map(({ name }) => name)).toEqual(['Toned', 'Photo to carousel']);
    expect(await stores.workflows.delete(id)).toBe(true);
    expect(await stores.workflows.delete(id)).toBe(false);
    expect(await stores.workflows.get(id)).toBeUndefined();
    expect(await stores.workflows.rename(id, 'Again')).toBeUndefined();
    expect(await stores.workflows.listVersions(id)).toBeUndefined();
    expect(await stores.workflows.createVersion(id, { label: null, createdBy: 'me' })).toBeUndefined();
    expect(await stores.workflows.saveDraft(id, { graph: emptyGraph(), revision: 1 })).toBeUndefined();
    expect((await stores.runs.list({ workflowId: id, limit: 10 })).runs).toEqual([run]);
  });

  test('refuses text that PostgreSQL cannot hold, on both databases', async () => {
    const { stores, workflowId, workspaceId } = await world.openOne();
    const name = 'a\0b';
    await expect(stores.workflows.create({ name, graph: emptyGraph() })).rejects.toThrow(
      /name: expected text without NUL/,
    );
    await expect(stores.workflows.rename(workflowId, name)).rejects.toThrow(UnstorableTextError);
    await expect(stores.workflows.createVersion(workflowId, { label: name, createdBy: 'me' })).rejects.toThrow(/label/);
    const run = aNewRun({ workspaceId, workflowId, idempotency: { key: name, requestHash: 'a' } });
    await expect(world.runStore.accept(run)).rejects.toThrow(UnstorableTextError);
  });
});
