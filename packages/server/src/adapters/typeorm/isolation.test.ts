import { randomUUID } from 'node:crypto';
import { aNewRun } from '@imaginarium/engine/testing';
import { emptyGraph } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { WorkspaceStores } from '../../workspace-stores.ts';
import { RunCredits } from './books/run-credits.ts';
import { scratchKinds } from './testing/scratch-databases.ts';
import { aFile, graphOf, openWorld, type World } from './testing/world.ts';
import { openWorkspaceOn } from './workspaces.ts';

const ODD_IDS = [
  '',
  'x',
  '1',
  "' OR 1=1 --",
  'a\0b',
  '../..',
  '{}',
  `${randomUUID()} `,
  '0'.repeat(10_000),
  '__proto__',
];

const unlimited = new RunCredits({ mode: 'unlimited', startGrant: 0 });

describe.each(scratchKinds(inject('postgresUrl')))('workspaces on $name', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  test('shows nothing of one workspace to another', async () => {
    const mine = await world.openOne();
    const theirs = await world.openOne();
    const { id: workflowId } = await mine.stores.workflows.create({ name: 'Mine', graph: graphOf(2) });
    await mine.stores.workflows.createVersion(workflowId, { label: 'one', createdBy: 'me' });
    const { run } = await world.runStore.accept(
      aNewRun({ workspaceId: mine.workspaceId, workflowId, graph: graphOf(2) }),
    );
    const file = await mine.stores.files.add(aFile('mine'));
    const asset = await mine.stores.assets.register({ original: file, sourceApp: 'shop', sourceId: '1' });
    const ids = { workflowId, runId: run.id, fileId: file.id, assetId: asset.id };
    const before = await snapshot(mine.stores, ids);
    const { workflows, runs, files, assets } = theirs.stores;

    expect((await workflows.list()).map(({ id }) => id)).toEqual([theirs.workflowId]);
    expect(await workflows.get(workflowId)).toBeUndefined();
    expect(await workflows.rename(workflowId, 'Taken')).toBeUndefined();
    expect(await workflows.delete(workflowId)).toBe(false);
    expect(await workflows.saveDraft(workflowId, { graph: emptyGraph(), revision: 1 })).toBeUndefined();
    expect(await workflows.listVersions(workflowId)).toBeUndefined();
    expect(await workflows.getVersion(workflowId, 1)).toBeUndefined();
    expect(await workflows.createVersion(workflowId, { label: null, createdBy: 'them' })).toBeUndefined();
    await workflows.setCover(workflowId, aFile('theirs'));
    expect(await runs.get(run.id)).toBeUndefined();
    expect((await runs.list({ limit: 10 })).runs).toEqual([]);
    expect((await runs.list({ limit: 10, workflowId })).runs).toEqual([]);
    expect(await files.get(file.id)).toBeUndefined();
    expect((await files.list({ limit: 10 })).files).toEqual([]);
    expect(await files.missing([file.id])).toEqual([file.id]);
    expect(await assets.get(asset.id)).toBeUndefined();
    expect((await assets.list({ limit: 10 })).assets).toEqual([]);
    expect(await assets.rename(asset.id, 'Taken')).toBeUndefined();
    expect(await assets.delete(asset.id)).toBe(false);
    // The database itself refuses an asset that names a file of another workspace, and a run that names its workflow.
    await expect(assets.register({ original: file })).rejects.toThrow(/foreign key/i);
    const own = await theirs.stores.files.add(aFile('mine'));
    const sameSource = await assets.register({ original: own, sourceApp: 'shop', sourceId: '1' });
    expect(sameSource.id).not.toBe(asset.id);
    await expect(world.runStore.accept(aNewRun({ workspaceId: theirs.workspaceId, workflowId }))).rejects.toThrow(
      /foreign key/i,
    );
    expect(await snapshot(mine.stores, ids)).toEqual(before);
  });

  test('finds nothing, and breaks nothing, for odd ids', async () => {
    const { workflows, runs, files, assets } = (await world.openOne()).stores;
    for (const id of ODD_IDS) {
      expect(await workflows.get(id)).toBeUndefined();
      expect(await workflows.delete(id)).toBe(false);
      expect(await workflows.getVersion(id, 1)).toBeUndefined();
      expect(await runs.get(id)).toBeUndefined();
      expect((await runs.list({ limit: 1, workflowId: id })).runs).toEqual([]);
      expect(await files.get(id)).toBeUndefined();
      expect(await assets.get(id)).toBeUndefined();
      expect(await assets.delete(id)).toBe(false);
      expect(await world.runStore.load(id)).toBeUndefined();
      expect(await world.runStore.claim(id, 'worker', 1000)).toBeUndefined();
      expect(await world.runStore.takeOver(id, 'worker', 1000)).toBeUndefined();
      expect(await world.runStore.requestCancel(id)).toBeUndefined();
      expect(await world.runStore.isCancelRequested(id)).toBe(false);
      expect(await world.runStore.events(id, 0)).toEqual([]);
      expect(() => openWorkspaceOn(world.database, unlimited)(id)).toThrow(/UUID/);
    }
  });
});

async function snapshot(
  { workflows, runs, files, assets }: WorkspaceStores,
  { workflowId, runId, fileId, assetId }: { workflowId: string; runId: string; fileId: string; assetId: string },
) {
  return {
    workflow: await workflows.get(workflowId),
    versions: await workflows.listVersions(workflowId),
    run: await runs.get(runId),
    file: await files.get(fileId),
    asset: await assets.get(assetId),
  };
}
