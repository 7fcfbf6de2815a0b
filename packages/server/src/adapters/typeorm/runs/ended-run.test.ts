import type { NewRun, RunOutcome } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import type { RunEvent, Step } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aFile, aStep, graphOf, openWorld, type World } from '../testing/world.ts';
import { endedRun } from './ended-run.ts';
import { EVERYWHERE } from './queued-runs.ts';

const [sqlite] = scratchKinds(null);
const AT = '2026-01-01T00:00:00.000Z';
const WORKER = { worker: 'here', times: { areDue: () => false } };
const succeeded: RunOutcome = { state: 'succeeded', creditsSpent: 0, error: null, cover: null };
const graph = graphOf(1);

describe('a run that succeeded before it was stored, as plain statements', () => {
  let world: World;
  let place: { workspaceId: string; workflowId: string };
  beforeAll(async () => {
    if (!sqlite) throw new Error('SQLite is always there.');
    world = await openWorld(sqlite);
    place = await world.openOne();
    // The first of its graph.
    await world.runStore.accept(asked());
  });
  afterAll(() => world.remove());

  const asked = (changes: Partial<NewRun> = {}) => {
    const { terms: _free, ...run } = aNewRun({
      ...place,
      graph,
      creditsQuoted: 0,
      createdBy: 'me',
      inputs: { a: 'ü' },
    });
    return { ...run, ...changes };
  };
  const beginning = (
    run: NewRun,
    { outcome = succeeded, steps = [aStep('n1')] }: { outcome?: RunOutcome; steps?: Step[] } = {},
  ) => {
    const finished = { ...outcome, type: 'run.finished', runId: run.id, seq: 1, at: AT } as const;
    const events: RunEvent[] = [finished];
    return { at: AT, end: () => ({ outcome, at: AT, checkpoint: { steps, events } }) };
  };
  /** Carries out what another thread would. @returns whether it is stored. */
  const store = (run: NewRun) => {
    const plain = endedRun(run, beginning(run), WORKER);
    if (!plain) throw new Error('It is no plain write.');
    return world.database.write(async ({ sql }) => {
      const [first, ...others] = plain.statements;
      if ((await sql`${first} RETURNING id`).length === 0) return undefined;
      for (const statement of others) await sql`${statement}`;
      return plain.result;
    });
  };
  const storedOf = (id: string) =>
    world.database.read(async ({ sql }) => {
      const text = JSON.stringify([
        await sql`SELECT * FROM run WHERE id = ${id}`,
        await sql`SELECT from_seq, to_seq, steps, packed_steps, events, parts FROM run_journal WHERE run_id = ${id}`,
        await sql`SELECT run_id FROM run_outbox WHERE run_id = ${id}`,
      ]);
      return text.replaceAll(id, 'id').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time');
    });

  test('is stored as any other', async () => {
    const [usual, plain] = [asked(), asked()];
    const lease = { runId: usual.id, token: 1 };
    await world.runStore.accept(usual, { worker: WORKER.worker, leaseMs: 60_000 });
    const { outcome, checkpoint } = beginning(usual).end();
    await world.runStore.settle(lease, outcome, checkpoint);
    const accepted = await store(plain);
    expect(accepted).toMatchObject({ run: { id: plain.id, state: 'running' }, created: true, lease: { token: 1 } });
    expect(await storedOf(plain.id)).toBe(await storedOf(usual.id));
  });

  test('is not stored where a run with its key is there, or its workspace is paused', async () => {
    const idempotency = { key: 'order', requestHash: 'same' };
    expect(await store(asked({ idempotency }))).toBeDefined();
    expect(await store(asked({ idempotency }))).toBe(undefined);
    for (const scope of [EVERYWHERE, place.workspaceId]) {
      await world.database.write(
        ({ sql }) => sql`INSERT INTO queue_pause (scope, paused_at, paused_by) VALUES (${scope}, 'now', 'test')`,
      );
      expect(await store(asked())).toBe(undefined);
      await world.database.write(({ sql }) => sql`DELETE FROM queue_pause`);
    }
    expect(await store(asked())).toBeDefined();
  });

  test('is no plain write where more is to be done with it', () => {
    const file = { id: 'n1.item.0', file: aFile('a'), fields: {}, from: [] };
    const { outcome, checkpoint } = beginning(asked()).end();
    const log = {
      ...{ type: 'log', runId: 'r', seq: 1, at: AT, node: 'n1', level: 'info' },
      message: 'x'.repeat(100_000),
    };
    const withLog = { outcome, at: AT, checkpoint: { ...checkpoint, events: [log as RunEvent] } };
    const failed: RunOutcome = {
      ...succeeded,
      state: 'failed',
      error: { code: 'step-failed', message: 'No.', node: 'n1' },
    };
    const plain = (run = asked(), begun = beginning(run), times = WORKER.times) =>
      endedRun(run, begun, { ...WORKER, times }) !== undefined;
    expect(plain()).toBe(true);
    expect({
      'the first of its graph': plain(asked({ graph: graphOf(1) })),
      'in another workspace': plain(asked({ workspaceId: 'other' })),
      'put off': plain(asked({ notBefore: '2999-01-01T00:00:00.000Z' })),
      'with settled steps': plain(asked({ settled: [aStep('n1')] })),
      'not ended': plain(asked(), { at: AT, end: () => undefined } as never),
      failed: plain(asked(), beginning(asked(), { outcome: failed })),
      'with a file': plain(asked(), beginning(asked(), { steps: [aStep('n1', { outputs: { item: [file] } })] })),
      long: plain(asked({ inputs: { a: 'x'.repeat(100_000) } })),
      'with a long log': plain(asked(), { at: AT, end: () => withLog }),
      'when times are to be written down': plain(asked(), undefined, { areDue: () => true }),
    }).toEqual({
      ...{
        'the first of its graph': false,
        'in another workspace': false,
        'put off': false,
        'with settled steps': false,
      },
      ...{ 'not ended': false, failed: false, 'with a file': false, long: false },
      'with a long log': false,
      'when times are to be written down': false,
    });
  });
});
