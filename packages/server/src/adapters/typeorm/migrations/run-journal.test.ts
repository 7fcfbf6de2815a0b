import { aNewRun } from '@imaginarium/engine/testing';
import type { RunEvent, Step } from '@imaginarium/protocol';
import { describe, expect, inject, test } from 'vitest';
import type { Database } from '../database/database.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aFile, aStep, graphOf, openWorld } from '../testing/world.ts';

describe.each(scratchKinds(inject('postgresUrl')))('the journal of runs on $name', (kind) => {
  test('takes over the steps, events and times of runs that were recorded before it', async () => {
    const world = await openWorld(kind);
    const { database, runStore } = world;
    const { workspaceId, workflowId, stores } = await world.openOne();
    const { run } = await runStore.accept(aNewRun({ workspaceId, workflowId, graph: graphOf(2) }));
    await undoJournal(database);
    const picture = { id: 'n2.image.0', file: aFile('mug'), fields: { 'a"b': 'é\0' }, from: ['n1.text.0'] };
    const error = { code: 'step-failed', message: 'It broke.' } as const;
    const steps = [
      aStep('n1', { finishedAt: '2026-01-01T00:00:00.120Z', itemsIn: 2, credits: 3 }),
      aStep('n2', { state: 'failed', finishedAt: null, error, reason: 'new', outputs: { image: [picture] } }),
    ];
    const events = [aLog(run.id, 1), aLog(run.id, 2), aLog(run.id, 3)];
    for (const step of steps) await insertStep(database, { runId: run.id, workspaceId, step });
    await insertChunk(database, events.slice(0, 2));
    await insertChunk(database, events.slice(2));
    await database.dataSource.runMigrations();
    expect((await stores.runs.get(run.id))?.steps).toEqual(steps);
    expect(await runStore.events(run.id, 0)).toEqual(events);
    expect(await runStore.events(run.id, 2)).toEqual(events.slice(2));
    expect(await stores.runs.measuredMs(['test.node@1'])).toEqual(new Map([['test.node@1', 60]]));
    await world.remove();
  });
});

async function undoJournal({ dataSource }: Database): Promise<void> {
  const runner = dataSource.createQueryRunner();
  while (await runner.hasTable('run_journal')) await dataSource.undoLastMigration();
  await runner.release();
}

function insertStep(
  database: Database,
  { runId, workspaceId, step }: { runId: string; workspaceId: string; step: Step },
) {
  return database.write(
    ({ sql }) => sql`
      INSERT INTO step (
        run_id, node, workspace_id, name, type, state, attempts, started_at, finished_at, items_in, items_failed, outputs,
        credits, error, reason
      ) VALUES (
        ${runId}, ${step.node}, ${workspaceId}, ${step.name}, ${step.type}, ${step.state}, ${step.attempts},
        ${step.startedAt}, ${step.finishedAt}, ${step.itemsIn}, ${step.itemsFailed}, ${JSON.stringify(step.outputs)},
        ${step.credits}, ${step.error && JSON.stringify(step.error)}, ${step.reason})`,
  );
}

function insertChunk(database: Database, events: RunEvent[]) {
  const [from, to] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0];
  return database.write(
    ({ sql }) => sql`
      INSERT INTO run_event_chunk (run_id, from_seq, to_seq, events)
      VALUES (${events[0]?.runId ?? ''}, ${from}, ${to}, ${JSON.stringify(events)})`,
  );
}

function aLog(runId: string, seq: number): RunEvent {
  const at = '2026-01-01T00:00:00.000Z';
  return { type: 'log', runId, seq, at, node: null, level: 'info', message: `event ${seq}` };
}
