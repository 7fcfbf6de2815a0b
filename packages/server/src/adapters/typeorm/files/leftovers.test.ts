import { aNewRun } from '@imaginarium/engine/testing';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { seedPerson } from '../testing/seed.ts';
import { aFile, aStep, graphOf, openWorld, type World } from '../testing/world.ts';
import { SqlLeftovers } from './leftovers.ts';

const outcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null } as const;
const FAR_AWAY = '9999-01-01T00:00:00.000Z';

describe.each(scratchKinds(inject('postgresUrl')))('SqlLeftovers on $name', (kind) => {
  let world: World;
  let leftovers: SqlLeftovers;
  beforeEach(async () => {
    world = await openWorld(kind);
    leftovers = new SqlLeftovers(world.database);
  });
  afterEach(() => world.remove());

  const endedRun = async (place: { workspaceId: string; workflowId: string }, endedAt: string, nodes: number) => {
    const { run } = await world.runStore.accept(aNewRun({ ...place, graph: graphOf(nodes) }));
    const lease = await world.runStore.claim(run.id, 'worker', 60_000);
    if (!lease) throw new Error('not claimed');
    const finished = { ...outcome, type: 'run.finished', runId: run.id, seq: 1, at: endedAt } as const;
    const { cover: _cover, ...event } = finished;
    await world.runStore.settle(lease, outcome, { steps: [aStep('n1')], events: [event] });
    await world.database.write(
      ({ sql }) => sql`UPDATE run SET finished_at = ${endedAt}, created_at = ${endedAt} WHERE id = ${run.id}`,
    );
    return run.id;
  };
  const counts = async () => {
    const [row] = await world.database.read(
      ({ sql }) => sql<{ runs: number; journal: number; graphs: number }>`
        SELECT (SELECT COUNT(*) FROM run) AS runs, (SELECT COUNT(*) FROM run_journal) AS journal,
          (SELECT COUNT(*) FROM graph_snapshot) AS graphs`,
    );
    return [row?.runs, row?.journal, row?.graphs].map(Number);
  };

  test('removes runs that ended long ago with all that is recorded of them, and no others', async () => {
    const [here, there] = [await world.openOne(), await world.openOne()];
    for (let run = 0; run < 210; run++) await endedRun(here, '2026-01-01T00:00:00.000Z', 1);
    const young = await endedRun(here, '2026-03-01T00:00:00.000Z', 1);
    await endedRun(there, '2026-01-02T00:00:00.000Z', 1);
    const { run: open } = await world.runStore.accept(aNewRun({ ...there, graph: graphOf(1) }));
    await world.database.write(
      ({ sql }) => sql`UPDATE run SET created_at = '2025-01-01T00:00:00.000Z' WHERE id = ${open.id}`,
    );
    expect(await leftovers.removeRuns('2026-02-01T00:00:00.000Z')).toBe(211);
    expect((await counts()).slice(0, 2)).toEqual([2, 1]);
    expect(await here.stores.runs.get(young)).toBeDefined();
    expect((await world.runStore.load(open.id))?.run.state).toBe('queued');
    expect(await leftovers.removeRuns('2026-02-01T00:00:00.000Z')).toBe(0);
  });

  test('knows which of some runs have not ended, whatever ids it is asked about', async () => {
    const here = await world.openOne();
    const ended = await endedRun(here, '2026-01-01T00:00:00.000Z', 1);
    const queued = await world.runStore.accept(aNewRun({ ...here, graph: graphOf(1) }));
    const running = await world.runStore.accept(aNewRun({ ...here, graph: graphOf(1) }));
    await world.runStore.claim(running.run.id, 'worker', 60_000);
    const gone = '0198f2a0-0000-7000-8000-000000000009';
    const unended = await leftovers.unended([ended, queued.run.id, 'a-name', running.run.id, gone, '']);
    expect(unended.toSorted()).toEqual([queued.run.id, running.run.id].toSorted());
    expect(await leftovers.unended([])).toEqual([]);
  });

  test('removes graphs that no run and no version has any more', async () => {
    const here = await world.openOne();
    await endedRun(here, '2026-01-01T00:00:00.000Z', 1);
    await endedRun(here, '2026-03-01T00:00:00.000Z', 2);
    await here.stores.workflows.createVersion(here.workflowId, { label: null, createdBy: 'somebody' });
    expect(await leftovers.removeGraphs(FAR_AWAY)).toBe(0);
    await leftovers.removeRuns('2026-02-01T00:00:00.000Z');
    expect(await leftovers.removeGraphs('2026-02-01T00:00:00.000Z')).toBe(0);
    expect(await leftovers.removeGraphs(FAR_AWAY)).toBe(1);
    expect((await counts())[2]).toBe(2);
  });

  test('takes no graph away from a run that is just being accepted', async () => {
    const place = await world.openOne();
    for (let round = 0; round < 25; round++) {
      const graph = graphOf(round + 1);
      const first = await world.runStore.accept(aNewRun({ ...place, graph }));
      await world.database.write(({ sql }) => sql`DELETE FROM run WHERE id = ${first.run.id}`);
      const asked = aNewRun({ ...place, graph });
      await Promise.all([world.runStore.accept(asked), leftovers.removeGraphs(FAR_AWAY)]);
      expect((await world.runStore.load(asked.id))?.graph.nodes).toHaveLength(round + 1);
    }
  });

  test('knows which files somebody owns, in whatever workspace', async () => {
    const { stores } = await world.openOne();
    await stores.files.add(aFile('mug'));
    const [mug, cup] = [aFile('mug').id, aFile('cup').id];
    expect(await leftovers.unowned([cup, mug])).toEqual([cup]);
    expect(await leftovers.unowned([])).toEqual([]);
  });

  test('forgets results and addresses that are long out of use', async () => {
    const { workspaceId, workflowId } = await world.openOne();
    await world.database.write(async ({ sql }) => {
      for (const [key, usedAt] of [
        ['old', '2026-01-01T00:00:00.000Z'],
        ['young', '2026-03-01T00:00:00.000Z'],
      ])
        await sql`
          INSERT INTO step_cache (workspace_id, key, outputs, created_at, used_at)
          VALUES (${workspaceId}, ${key ?? ''}, '{}', ${usedAt ?? ''}, ${usedAt ?? ''})`;
      await sql`
        INSERT INTO workflow_trigger (id, workspace_id, workflow_id, node, settings, expires_at, created_by, created_at)
        VALUES (${aNewRun().id}, ${workspaceId}, ${workflowId}, 'n', '{}', '2026-01-01T00:00:00.000Z', 'x', '2026-01-01T00:00:00.000Z')`;
    });
    const person = await seedPerson(world.database, workspaceId, 'owner');
    for (const day of ['01', '03'])
      await world.database.write(
        ({ sql }) => sql`
          INSERT INTO notice (id, workspace_id, user_id, subject, about, created_at)
          VALUES (${aNewRun().id}, ${workspaceId}, ${person}, ${day}, '{}', ${`2026-${day}-01T00:00:00.000Z`})`,
      );
    expect(await leftovers.removeNotices('2026-02-01T00:00:00.000Z')).toBe(1);
    expect(await leftovers.removeResults('2026-02-01T00:00:00.000Z')).toBe(1);
    expect(await leftovers.removeTestTriggers('2026-02-01T00:00:00.000Z')).toBe(1);
  });
});
