import { aNewRun } from '@imaginarium/engine/testing';
import { emptyGraph, type Step } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { BadCursorError } from '../../../runs/run-list.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aStep, graphOf, openWorld, type World } from '../testing/world.ts';
import { SqlRunStore } from './run-store.ts';

describe.each(scratchKinds(inject('postgresUrl')))('SqlRunList on $name', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  test('pages through a list, the newest first, without a run twice or left out', async () => {
    const { stores, workspaceId, workflowId } = await world.openOne();
    // Many in one millisecond: their order is then that of their ids.
    const at = Date.now();
    const store = new SqlRunStore(world.database, undefined, () => at + Math.floor(count++ / 5));
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
    const { stores, workspaceId, workflowId } = await world.openOne();
    const other = await stores.workflows.create({ name: 'Other', graph: emptyGraph() });
    const first = (await world.runStore.accept(aNewRun({ workspaceId, workflowId }))).run;
    const second = (await world.runStore.accept(aNewRun({ workspaceId, workflowId: other.id }))).run;
    const idsOf = async (query: object) => (await stores.runs.list({ limit: 10, ...query })).runs.map(({ id }) => id);
    expect(await idsOf({ workflowId })).toEqual([first.id]);
    await world.runStore.requestCancel(second.id);
    expect(await idsOf({ state: 'cancelled' })).toEqual([second.id]);
    expect(await idsOf({ state: 'queued', workflowId: other.id })).toEqual([]);
  });

  test('refuses a cursor that was tampered with', async () => {
    const { stores } = await world.openOne();
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
    const { stores, workspaceId, workflowId } = await world.openOne();
    const graph = graphOf(3);
    const { run } = await world.runStore.accept(aNewRun({ workspaceId, workflowId, graph }));
    const lease = await world.runStore.claim(run.id, 'worker', 60_000);
    if (!lease) throw new Error('not claimed');
    const outputs = { text: [{ id: 'x', value: 'a\0b', fields: { z: 1, a: 2 }, from: [] }] };
    const steps = [aStep('n3'), aStep('n1', { outputs }), aStep('n2', { state: 'skipped', reason: 'no\0thing' })];
    await world.runStore.checkpoint(lease, { steps, events: [] });
    const stored = (await stores.runs.get(run.id))?.steps;
    expect(stored?.map((step) => step.node)).toEqual(['n1', 'n2', 'n3']);
    expect(JSON.stringify(stored?.[0]?.outputs)).toBe(JSON.stringify(outputs));
    expect(stored?.[1]?.reason).toBe('no\0thing');
  });

  test('stores a checkpoint of a thousand steps', async () => {
    const { stores, workspaceId, workflowId } = await world.openOne();
    const { run } = await world.runStore.accept(aNewRun({ workspaceId, workflowId, graph: graphOf(1200) }));
    const lease = await world.runStore.claim(run.id, 'worker', 60_000);
    const steps = Array.from({ length: 1200 }, (_, index) => aStep(`n${index + 1}`));
    if (lease) await world.runStore.checkpoint(lease, { steps, events: [] });
    expect((await stores.runs.get(run.id))?.steps).toEqual(steps);
  });

  test('keeps a step of many items in a small part of what it is as JSON', async () => {
    const { stores, workspaceId, workflowId } = await world.openOne();
    const { run } = await world.runStore.accept(aNewRun({ workspaceId, workflowId, graph: graphOf(1) }));
    const lease = await world.runStore.claim(run.id, 'worker', 60_000);
    const items = Array.from({ length: 10_000 }, (_, row) => ({
      ...{ id: `n1.item.${row}`, value: null, fields: { row, colour: 'blue' }, from: [`in.item.${row}`] },
    }));
    const steps = [aStep('n1', { outputs: { item: items } })];
    if (lease) await world.runStore.checkpoint(lease, { steps, events: [] });
    expect((await stores.runs.get(run.id))?.steps).toEqual(steps);
    const [row] = await world.database.read(
      ({ sql }) => sql<{ bytes: number }>`
        SELECT LENGTH(packed_steps) AS bytes FROM run_journal WHERE run_id = ${run.id} AND packed_steps IS NOT NULL`,
    );
    expect(row?.bytes).toBeLessThan(JSON.stringify(steps).length / 5);
  });

  test('estimates from the median of the last steps, per item, whatever version they ran', async () => {
    const { stores, workspaceId, workflowId } = await world.openOne();
    const { run } = await world.runStore.accept(aNewRun({ workspaceId, workflowId }));
    const lease = await world.runStore.claim(run.id, 'worker', 60_000);
    const took = (node: string, ms: number, changes: Partial<Step> = {}) =>
      aStep(node, { finishedAt: new Date(Date.parse('2026-01-01T00:00:00Z') + ms).toISOString(), ...changes });
    const steps = [
      took('a', 100, { itemsIn: 10 }),
      took('b', 300, { itemsIn: 10 }),
      took('c', 9000, { itemsIn: 1 }),
      took('d', 1, { state: 'cached' }),
      took('e', 50, { type: 'other.node', itemsIn: 0 }),
    ];
    if (lease) await world.runStore.checkpoint(lease, { steps, events: [] });
    const measured = await stores.runs.measuredMs(['test.node@1', 'test.node@2', 'other.node@1', 'new.node@1']);
    expect(Object.fromEntries(measured)).toEqual({ 'test.node@1': 30, 'test.node@2': 30, 'other.node@1': 50 });
  });
});
