import { type Checkpoint, LeaseLostError, type NewRun, type RunOutcome, type RunProgress } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import type { RunEvent } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aStep, graphOf, openWorld, type World } from '../testing/world.ts';
import { EVERYWHERE } from './queued-runs.ts';

const [sqlite] = scratchKinds(null);
const START = { worker: 'here', leaseMs: 60_000 };
const FAILURE = { code: 'step-failed', message: 'No.', node: 'n1' } as const;
const succeeded: RunOutcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null };
const failed: RunOutcome = { ...succeeded, state: 'failed', error: FAILURE };

describe('a run that begins before it is stored', () => {
  let world: World;
  let place: { workspaceId: string; workflowId: string };
  beforeAll(async () => {
    if (!sqlite) throw new Error('SQLite is always there.');
    world = await openWorld(sqlite);
    place = await world.openOne();
  });
  afterAll(() => world.remove());

  const asked = (changes: Partial<NewRun> = {}) => {
    const { terms: _free, ...run } = aNewRun({ ...place, graph: graphOf(1), creditsQuoted: 0 });
    return { ...run, ...changes };
  };
  const begin = (run: NewRun) => {
    const begun = world.runStore.begin?.(run, START);
    if (!begun) throw new Error('It did not begin.');
    return begun;
  };
  const endOf = (id: string, outcome = succeeded): [RunOutcome, Checkpoint] => {
    const finished = { ...outcome, type: 'run.finished', runId: id, seq: 2, at: '2026-01-01T00:00:02.000Z' } as const;
    const events: RunEvent[] = [{ type: 'run.started', runId: id, seq: 1, at: '2026-01-01T00:00:00.000Z' }, finished];
    return [outcome, { steps: [aStep('n1')], events }];
  };
  /** All that is stored of a run, without what differs from run to run. */
  const storedOf = (id: string) =>
    world.database.read(async ({ sql }) => {
      const text = JSON.stringify([
        await sql`SELECT * FROM run WHERE id = ${id}`,
        await sql`SELECT from_seq, to_seq, steps, packed_steps, events, parts FROM run_journal WHERE run_id = ${id}`,
        await sql`SELECT run_id FROM run_outbox WHERE run_id = ${id}`,
        await sql`SELECT run_id FROM run_failed WHERE run_id = ${id}`,
        await sql`SELECT about FROM notice WHERE subject = ${`run:${id}`}`,
      ]);
      return text.replaceAll(id, 'id').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time');
    });
  const settle = (id: string, store: RunProgress, outcome?: RunOutcome) =>
    store.settle({ runId: id, token: 1 }, ...endOf(id, outcome));

  test.each([succeeded, failed])('is stored as any other that $state, though its end came first', async (outcome) => {
    const usual = asked();
    await world.runStore.accept(usual, START);
    await settle(usual.id, world.runStore, outcome);
    const quick = asked();
    const begun = begin(quick);
    const ended = settle(quick.id, begun, outcome);
    expect(await begun.stored).toEqual({ run: begun.run, created: true, lease: begun.lease });
    await ended;
    expect(await storedOf(quick.id)).toEqual(await storedOf(usual.id));
    expect((await world.runStore.load(quick.id))?.run).toMatchObject({ state: outcome.state, lastSeq: 2 });
  });

  test('goes on as any other when it takes its time', async () => {
    const run = asked();
    const begun = begin(run);
    const [, { steps, events }] = endOf(run.id);
    const first = begun.checkpoint(begun.lease, { steps, events: events.slice(0, 1) });
    await begun.stored;
    expect((await world.runStore.load(run.id))?.run).toEqual(begun.run);
    await first;
    await begun.settle(begun.lease, succeeded, { steps: [], events: events.slice(1) });
    const { run: ended, steps: stored } = (await world.runStore.load(run.id)) ?? {};
    expect([ended?.state, ended?.lastSeq, stored]).toEqual(['succeeded', 2, steps]);
  });

  test('is forgotten with all that it came to when it turns out to be a repeat', async () => {
    const idempotency = { key: 'order', requestHash: 'same' };
    const { run: first } = await world.runStore.accept(asked({ idempotency }));
    const repeat = asked({ idempotency });
    const begun = begin(repeat);
    const ended = settle(repeat.id, begun);
    await expect(ended).rejects.toThrow(LeaseLostError);
    expect(await begun.stored).toMatchObject({ run: { id: first.id }, created: false });
    expect(await world.runStore.load(repeat.id)).toBe(undefined);
  });

  test('waits, and what it came to is forgotten, where its workspace turns out to be paused', async () => {
    await world.database.write(
      ({ sql }) => sql`INSERT INTO queue_pause (scope, paused_at, paused_by) VALUES (${EVERYWHERE}, 'now', 'test')`,
    );
    const run = asked();
    const begun = begin(run);
    const ended = settle(run.id, begun);
    await expect(ended).rejects.toThrow(LeaseLostError);
    const { created, lease } = await begun.stored;
    expect([created, lease]).toEqual([true, undefined]);
    await world.database.write(({ sql }) => sql`DELETE FROM queue_pause`);
    expect(await world.runStore.load(run.id)).toMatchObject({ run: { state: 'queued', lastSeq: 0 }, steps: [] });
    // The lease that somebody gets of it now has the number that it began with.
    const next = await world.runStore.claim(run.id, 'there', 60_000);
    expect(next).toEqual(begun.lease);
    await expect(begun.checkpoint(begun.lease, { steps: [], events: [] })).rejects.toThrow(LeaseLostError);
  });

  test('is told why when it cannot be stored, and so is whoever asked for it', async () => {
    const run = asked({ workflowId: '00000000-0000-4000-8000-00000000dead' });
    const begun = begin(run);
    const ended = settle(run.id, begun);
    await expect(ended).rejects.toThrow(/FOREIGN KEY/);
    await expect(begun.stored).rejects.toThrow(/FOREIGN KEY/);
  });

  test('is not to be had where it may cost something', () => {
    expect(world.runStore.begin?.(asked({ terms: { version: 0, rules: [], bundle: null } }), START)).toBe(undefined);
  });
});
