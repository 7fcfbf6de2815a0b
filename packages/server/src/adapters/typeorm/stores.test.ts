import { randomUUID } from 'node:crypto';
import { aNewRun } from '@imaginarium/engine/testing';
import { emptyGraph, type FileRef, type Graph, type Step } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { BadCursorError } from '../../runs/run-list.ts';
import type { WorkspaceStores } from '../../workspace-stores.ts';
import { SqlAccountStore } from './accounts.ts';
import type { Database } from './database.ts';
import { UnstorableTextError } from './identifiers.ts';
import { SqlRunStore } from './run-store.ts';
import { SqlStepCache } from './step-cache.ts';
import { openScratch, scratchKinds } from './testing/scratch-databases.ts';
import { seedWorkspace } from './testing/seed.ts';
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

describe.each(scratchKinds(inject('postgresUrl')))('stores on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let runStore: SqlRunStore;
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
    runStore = new SqlRunStore(database);
  });
  afterAll(() => remove());

  /** A workspace of the test's own. */
  const openOne = async () => {
    const [workspaceId, workflowId] = [randomUUID(), randomUUID()];
    await seedWorkspace(database, workspaceId, workflowId);
    return { workspaceId, workflowId, stores: openWorkspaceOn(database)(workspaceId) };
  };

  describe('workflows', () => {
    test('saves a draft once for each revision, and says which one is there when it was not the last', async () => {
      const { workflows } = (await openOne()).stores;
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
      const { workflows } = (await openOne()).stores;
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
      for (const version of [0, 5, -1, 2 ** 31, 2 ** 60])
        expect(await workflows.getVersion(id, version)).toBeUndefined();
    });

    test('keeps the order of keys, and every JSON value, as they were given', async () => {
      const { workflows } = (await openOne()).stores;
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
      const { workspaceId, stores } = await openOne();
      const { id } = await stores.workflows.create({ name: 'Sepia', graph: emptyGraph() });
      const { run } = await runStore.accept(aNewRun({ workspaceId, workflowId: id }));
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
      const { stores, workflowId, workspaceId } = await openOne();
      const name = 'a\0b';
      await expect(stores.workflows.create({ name, graph: emptyGraph() })).rejects.toThrow(
        /name: expected text without NUL/,
      );
      await expect(stores.workflows.rename(workflowId, name)).rejects.toThrow(UnstorableTextError);
      await expect(stores.workflows.createVersion(workflowId, { label: name, createdBy: 'me' })).rejects.toThrow(
        /label/,
      );
      const run = aNewRun({ workspaceId, workflowId, idempotency: { key: name, requestHash: 'a' } });
      await expect(runStore.accept(run)).rejects.toThrow(UnstorableTextError);
    });
  });

  describe('runs', () => {
    test('pages through a list, the newest first, without a run twice or left out', async () => {
      const { stores, workspaceId, workflowId } = await openOne();
      // Many in one millisecond: their order is then that of their ids.
      const at = Date.now();
      const store = new SqlRunStore(database, () => at + Math.floor(count++ / 5));
      let count = 0;
      const ids: string[] = [];
      for (let index = 0; index < 23; index++)
        ids.push((await store.accept(aNewRun({ workspaceId, workflowId }))).run.id);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await stores.runs.list({ limit: 5, cursor });
        expect(page.runs.length).toBeLessThanOrEqual(5);
        seen.push(...page.runs.map((run) => run.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen.toSorted()).toEqual(ids.toSorted());
      const moments = await Promise.all(seen.map(async (id) => (await stores.runs.get(id))?.run.createdAt ?? ''));
      expect(moments).toEqual(moments.toSorted().reverse());
    });

    test('lists runs of one workflow and of one state', async () => {
      const { stores, workspaceId, workflowId } = await openOne();
      const other = await stores.workflows.create({ name: 'Other', graph: emptyGraph() });
      const first = (await runStore.accept(aNewRun({ workspaceId, workflowId }))).run;
      const second = (await runStore.accept(aNewRun({ workspaceId, workflowId: other.id }))).run;
      const idsOf = async (query: object) => (await stores.runs.list({ limit: 10, ...query })).runs.map(({ id }) => id);
      expect(await idsOf({ workflowId })).toEqual([first.id]);
      await runStore.requestCancel(second.id);
      expect(await idsOf({ state: 'cancelled' })).toEqual([second.id]);
      expect(await idsOf({ state: 'queued', workflowId: other.id })).toEqual([]);
    });

    test('refuses a cursor that was tampered with', async () => {
      const { stores } = await openOne();
      const forged = [
        '',
        'x',
        'bm90IGEgY3Vyc29y',
        Buffer.from("2026-01-01T00:00:00.000Z ' OR 1=1").toString('base64url'),
      ];
      for (const cursor of forged) {
        await expect(stores.runs.list({ limit: 5, cursor })).rejects.toThrow(BadCursorError);
        await expect(stores.files.list({ limit: 5, cursor })).rejects.toThrow(BadCursorError);
      }
    });

    test('gives steps in the order of the graph, and what nodes said with their NUL characters', async () => {
      const { stores, workspaceId, workflowId } = await openOne();
      const graph = graphOf(3);
      const { run } = await runStore.accept(aNewRun({ workspaceId, workflowId, graph }));
      const lease = await runStore.claim(run.id, 'worker', 60_000);
      if (!lease) throw new Error('not claimed');
      const outputs = { text: [{ id: 'x', value: 'a\0b', fields: { z: 1, a: 2 }, from: [] }] };
      const steps = [aStep('n3'), aStep('n1', { outputs }), aStep('n2', { state: 'skipped', reason: 'no\0thing' })];
      await runStore.checkpoint(lease, { steps, events: [] });
      const stored = (await stores.runs.get(run.id))?.steps;
      expect(stored?.map((step) => step.node)).toEqual(['n1', 'n2', 'n3']);
      expect(JSON.stringify(stored?.[0]?.outputs)).toBe(JSON.stringify(outputs));
      expect(stored?.[1]?.reason).toBe('no\uFFFDthing');
    });

    test('stores a checkpoint of a thousand steps', async () => {
      const { stores, workspaceId, workflowId } = await openOne();
      const { run } = await runStore.accept(aNewRun({ workspaceId, workflowId, graph: graphOf(1200) }));
      const lease = await runStore.claim(run.id, 'worker', 60_000);
      const steps = Array.from({ length: 1200 }, (_, index) => aStep(`n${index + 1}`));
      if (lease) await runStore.checkpoint(lease, { steps, events: [] });
      expect((await stores.runs.get(run.id))?.steps).toEqual(steps);
    });

    test('estimates from the median of the last steps, per item, whatever version they ran', async () => {
      const { stores, workspaceId, workflowId } = await openOne();
      const { run } = await runStore.accept(aNewRun({ workspaceId, workflowId }));
      const lease = await runStore.claim(run.id, 'worker', 60_000);
      const took = (node: string, ms: number, changes: Partial<Step> = {}) =>
        aStep(node, { finishedAt: new Date(Date.parse('2026-01-01T00:00:00Z') + ms).toISOString(), ...changes });
      const steps = [
        took('a', 100, { itemsIn: 10 }),
        took('b', 300, { itemsIn: 10 }),
        took('c', 9000, { itemsIn: 1 }),
        took('d', 1, { state: 'cached' }),
        took('e', 50, { type: 'other.node', itemsIn: 0 }),
      ];
      if (lease) await runStore.checkpoint(lease, { steps, events: [] });
      const measured = await stores.runs.measuredMs(['test.node@1', 'test.node@2', 'other.node@1', 'new.node@1']);
      expect(Object.fromEntries(measured)).toEqual({ 'test.node@1': 30, 'test.node@2': 30, 'other.node@1': 50 });
    });
  });

  describe('files', () => {
    test('keeps the first name and time of a file, and tells which ids are missing', async () => {
      const { files } = (await openOne()).stores;
      const first = await files.add(aFile('a'));
      expect(await files.add({ ...aFile('a'), name: 'later.png' })).toEqual(first);
      expect(await files.get(first.id)).toEqual(first);
      const absent = aFile('absent').id;
      expect(await files.missing([first.id, absent, absent, 'odd\0'])).toEqual([absent, 'odd\0']);
      expect(await files.missing([])).toEqual([]);
    });

    test('lists files, the newest first, in pages', async () => {
      const { files } = (await openOne()).stores;
      const added = await Promise.all(Array.from({ length: 7 }, (_, index) => files.add(aFile(`file ${index}`))));
      const first = await files.list({ limit: 4 });
      const second = await files.list({ limit: 4, cursor: first.nextCursor ?? undefined });
      expect(second.nextCursor).toBeNull();
      const seen = [...first.files, ...second.files].map(({ id }) => id);
      expect(seen.toSorted()).toEqual(added.map(({ id }) => id).toSorted());
    });
  });

  test('shows nothing of one workspace to another', async () => {
    const mine = await openOne();
    const theirs = await openOne();
    const { id: workflowId } = await mine.stores.workflows.create({ name: 'Mine', graph: graphOf(2) });
    await mine.stores.workflows.createVersion(workflowId, { label: 'one', createdBy: 'me' });
    const { run } = await runStore.accept(aNewRun({ workspaceId: mine.workspaceId, workflowId, graph: graphOf(2) }));
    const file = await mine.stores.files.add(aFile('mine'));
    const before = await snapshot(mine.stores, workflowId, run.id, file.id);
    const { workflows, runs, files } = theirs.stores;

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
    // The database itself refuses a run that names a workflow of another workspace.
    await expect(runStore.accept(aNewRun({ workspaceId: theirs.workspaceId, workflowId }))).rejects.toThrow(
      /foreign key/i,
    );
    expect(await snapshot(mine.stores, workflowId, run.id, file.id)).toEqual(before);
  });

  test('finds nothing, and breaks nothing, for odd ids', async () => {
    const { workflows, runs, files } = (await openOne()).stores;
    for (const id of ODD_IDS) {
      expect(await workflows.get(id)).toBeUndefined();
      expect(await workflows.delete(id)).toBe(false);
      expect(await workflows.getVersion(id, 1)).toBeUndefined();
      expect(await runs.get(id)).toBeUndefined();
      expect((await runs.list({ limit: 1, workflowId: id })).runs).toEqual([]);
      expect(await files.get(id)).toBeUndefined();
      expect(await runStore.load(id)).toBeUndefined();
      expect(await runStore.claim(id, 'worker', 1000)).toBeUndefined();
      expect(await runStore.takeOver(id, 'worker', 1000)).toBeUndefined();
      expect(await runStore.requestCancel(id)).toBeUndefined();
      expect(await runStore.isCancelRequested(id)).toBe(false);
      expect(await runStore.events(id, 0)).toEqual([]);
      expect(() => openWorkspaceOn(database)(id)).toThrow(/UUID/);
    }
  });

  test('forgets the cached steps that answered longest ago', async () => {
    const { workspaceId } = await openOne();
    let now = Date.now();
    const cache = new SqlStepCache(database, { limit: 10, now: () => now });
    await cache.put(workspaceId, 'first', { outputs: {} });
    for (let index = 0; index < 98; index++) await cache.put(workspaceId, `key ${index}`, { outputs: {} });
    now += 2 * 60 * 60 * 1000;
    expect(await cache.get(workspaceId, 'first')).toEqual({ outputs: {} });
    await cache.put(workspaceId, 'last', { outputs: {} });
    const kept = await database.read(({ sql }) => sql`SELECT key FROM step_cache WHERE workspace_id = ${workspaceId}`);
    expect(kept).toHaveLength(10);
    expect(kept.map((row) => row.key)).toEqual(expect.arrayContaining(['first', 'last']));
  });

  test('makes one owner, however many try at once', async () => {
    const accounts = new SqlAccountStore(database);
    expect(await accounts.hasOwner()).toBe(false);
    await expect(accounts.createOwner({ ...anOwner(0), name: 'a\0' })).rejects.toThrow(UnstorableTextError);
    const made = await Promise.all(
      [1, 2, 3, 4].map((count) => new SqlAccountStore(database).createOwner(anOwner(count))),
    );
    const [owner] = made.filter((principal) => principal !== undefined);
    if (!owner) throw new Error('nobody became the owner');
    expect(made.filter((principal) => principal !== undefined)).toHaveLength(1);
    expect(await accounts.hasOwner()).toBe(true);
    expect(await accounts.createOwner(anOwner(5))).toBeUndefined();
    const [people] = await database.read(
      ({ sql }) => sql<{ count: number }>`SELECT CAST(COUNT(*) AS INTEGER) AS count FROM user_account`,
    );
    expect(people?.count).toBe(1);
    expect(await accounts.principal(owner.user.id, 'session')).toEqual(owner);
    expect(await accounts.findByEmail(owner.user.email)).toEqual({ userId: owner.user.id, passwordHash: 'hash' });
    expect(await accounts.findByEmail('nobody@example.com')).toBeUndefined();
    expect(await accounts.findByEmail('nobody\0@example.com')).toBeUndefined();
    expect(await accounts.principal(randomUUID(), 'session')).toBeUndefined();

    const key = await accounts.createApiKey(owner.user.id, { name: 'CI', prefix: 'img_abcd', hash: 'a'.repeat(64) });
    expect(key.lastUsedAt).toBeNull();
    expect(await accounts.findApiKey('a'.repeat(64))).toEqual({ userId: owner.user.id });
    expect(await accounts.findApiKey('b'.repeat(64))).toBeUndefined();
    const [used] = await accounts.listApiKeys(owner.user.id);
    expect(used).toEqual({ ...key, lastUsedAt: expect.any(String) });
    expect(await accounts.deleteApiKey(randomUUID(), key.id)).toBe(false);
    expect(await accounts.deleteApiKey(owner.user.id, key.id)).toBe(true);
    expect(await accounts.findApiKey('a'.repeat(64))).toBeUndefined();
  });
});

function anOwner(count: number) {
  return { name: 'Ada', email: `ada${count}@example.com`, passwordHash: 'hash' };
}

function graphOf(nodes: number): Graph {
  return {
    ...emptyGraph(),
    nodes: Array.from({ length: nodes }, (_, index) => ({
      ...{ id: `n${index + 1}`, type: 'test.node', version: 1, name: `Node ${index + 1}` },
      ...{ params: {}, position: { x: 0, y: 0 } },
    })),
  };
}

function aStep(node: string, changes: Partial<Step> = {}): Step {
  return {
    ...{ node, name: node, type: 'test.node', state: 'succeeded', attempts: 1, itemsIn: 1, itemsFailed: 0 },
    ...{ startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:01.000Z' },
    ...{ outputs: {}, credits: 0, error: null, reason: null },
    ...changes,
  };
}

function aFile(seed: string): FileRef {
  const id = Buffer.from(seed.padEnd(32, '.')).toString('hex').slice(0, 64);
  return { id, kind: 'image', mime: 'image/png', bytes: 10, name: `${seed}.png`, width: 1, height: 1 };
}

async function snapshot(
  { workflows, runs, files }: WorkspaceStores,
  workflowId: string,
  runId: string,
  fileId: string,
) {
  return {
    workflow: await workflows.get(workflowId),
    versions: await workflows.listVersions(workflowId),
    run: await runs.get(runId),
    file: await files.get(fileId),
  };
}
