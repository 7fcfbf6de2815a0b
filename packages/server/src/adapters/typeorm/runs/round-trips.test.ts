import { aNewRun } from '@imaginarium/engine/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aStep, graphOf, openWorld, type World } from '../testing/world.ts';

const kinds = scratchKinds(inject('postgresUrl')).filter(({ name }) => name === 'PostgreSQL');

describe.each(kinds)('what a run asks of $name', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  test('is 14 statements from its acceptance to its answer, and none of them is planned anew', async () => {
    const { workspaceId, workflowId } = await world.openOne();
    const { runStore } = world;
    const graph = graphOf(3);
    const at = new Date().toISOString();
    const asked = vi.spyOn(pg.Client.prototype, 'query');
    const counted = async <Result>(work: Promise<Result>): Promise<[Result, number]> => {
      asked.mockClear();
      return [await work, asked.mock.calls.length];
    };
    const oneRun = async () => {
      const [{ run }, accept] = await counted(runStore.accept(aNewRun({ workspaceId, workflowId, graph })));
      const [lease, claim] = await counted(runStore.claim(run.id, 'worker', 60_000));
      if (!lease) throw new Error('nothing to claim');
      const [record, load] = await counted(runStore.load(run.id));
      expect(record?.graph).toEqual(graph);
      const end = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;
      const events = [{ ...end, type: 'run.finished', runId: run.id, seq: 1, at } as const];
      const [, settle] = await counted(runStore.settle(lease, end, { steps: [aStep('n1')], events }));
      const unnamed = asked.mock.calls.filter(
        ([query]) => !isNamed(query) && !/TRANSACTION|COMMIT/.test(textOf(query)),
      );
      const [news, tell] = await counted(runStore.news(run.id, 0));
      expect(news.steps).toEqual([aStep('n1')]);
      return { accept, claim, load, settle, tell, unnamed };
    };
    // The first one keeps the graph, and the times of its steps.
    await oneRun();
    expect(await oneRun()).toEqual({ accept: 4, claim: 4, load: 1, settle: 4, tell: 1, unnamed: [] });
    asked.mockRestore();
  });

  test('is still right when a graph that was seen before is gone', async () => {
    const { workspaceId, workflowId } = await world.openOne();
    const { runStore, database } = world;
    const graph = graphOf(2);
    const first = (await runStore.accept(aNewRun({ workspaceId, workflowId, graph }))).run;
    await database.write(async ({ sql }) => {
      await sql`DELETE FROM run WHERE id = ${first.id}`;
      await sql`DELETE FROM graph_snapshot WHERE workspace_id = ${workspaceId}`;
    });
    const second = (await runStore.accept(aNewRun({ workspaceId, workflowId, graph }))).run;
    expect((await runStore.load(second.id))?.graph).toEqual(graph);
    const kept = await database.read(
      ({ sql }) => sql<{ graph: string }>`SELECT graph FROM graph_snapshot WHERE workspace_id = ${workspaceId}`,
    );
    expect(kept.map((row) => JSON.parse(row.graph))).toEqual([graph]);
  });
});

function isNamed(query: unknown): boolean {
  return typeof query === 'object' && query !== null && 'name' in query;
}

function textOf(query: unknown): string {
  return typeof query === 'string' ? query : String((query as { text?: string }).text);
}
