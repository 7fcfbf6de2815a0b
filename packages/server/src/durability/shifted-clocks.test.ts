import { setTimeout as wait } from 'node:timers/promises';
import { emptyGraph, type Graph } from '@imaginarium/protocol';
import { expect, inject, test } from 'vitest';
import type { Sql } from '../adapters/typeorm/database/sql.ts';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { Stage } from './testing/stage.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A schedule whose runs wait for an hour. */
function hourly(): Graph {
  const place = { version: 1, position: { x: 0, y: 0 } };
  return {
    ...emptyGraph(),
    nodes: [
      { ...place, id: 'clock', type: 'counting.clock', name: 'clock', params: { cron: '0 * * * *' } },
      { ...place, id: 'rest', type: 'counting.rest', name: 'rest', params: { forMs: HOUR_MS } },
    ],
    edges: [{ id: 'e', from: { node: 'clock', port: 'tick' }, to: { node: 'rest', port: 'tick' } }],
  };
}

/** Waits until a look gives something. @throws {Error} when it does not within 15 seconds. */
async function eventually<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
  const end = performance.now() + 15_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`Not in time: ${what}.`);
    await wait(20);
  }
}

test.each(scratchKinds(inject('postgresUrl')).slice(1))(
  'two servers on $name whose clocks are twenty minutes apart start a tick once, and bring runs on, when its clock says so',
  { timeout: 60_000 },
  async (database) => {
    await using stage = await Stage.set({ database, queue: 'postgres' });
    const sql: Sql = (text, ...values) => stage.database.write((transaction) => transaction.sql(text, ...values));
    const ahead = await stage.start(undefined, 10 * MINUTE_MS);
    const behind = await stage.start(undefined, -10 * MINUTE_MS);
    await stage.setUp(ahead);
    await stage.activate(ahead, await stage.addWorkflow(ahead, 'Hourly', hourly()));
    const [next] = await sql`SELECT next_at FROM workflow_trigger`;
    const untilNext = Date.parse(String(next?.next_at)) - Date.now();
    expect([untilNext > 0, untilNext <= HOUR_MS, String(next?.next_at).slice(14)]).toEqual([true, true, '00:00.000Z']);

    const due = new Date(Date.now() + 800).toISOString();
    await sql`UPDATE workflow_trigger SET next_at = ${due}`;
    const created = () => sql`SELECT id, created_at, inputs FROM run`;
    await eventually('the run of the tick', async () => (await created())[0]);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(due));
    const [run] = await created();
    const late = Date.parse(String(run?.created_at)) - Date.parse(due);
    expect([late >= -25, late < 5000, JSON.parse(String(run?.inputs))]).toEqual([
      true,
      true,
      { trigger: { at: due, late: false } },
    ]);

    const waiting = () =>
      sql`SELECT w.id, w.due_at FROM run_wait w JOIN run r ON r.id = w.run_id AND r.state = 'waiting'`;
    const rest = await eventually('the run to wait', async () => (await waiting())[0]);
    const forMs = Date.parse(String(rest.due_at)) - Date.parse(String(run?.created_at));
    expect([forMs >= HOUR_MS, forMs < HOUR_MS + 10_000]).toEqual([true, true]);
    const over = new Date(Date.now() + 800).toISOString();
    await sql`UPDATE run_wait SET due_at = ${over}`;
    await eventually('the run to end', async () => (await sql`SELECT id FROM run WHERE state = 'succeeded'`)[0]);
    const early = Date.parse(over) - Date.now();
    expect([early <= 0, early > -8000]).toEqual([true, true]);
    // Neither takes the other for dead.
    for (const server of [ahead, behind]) expect((await stage.get(server, '/queue')).workers).toHaveLength(2);
    // Whichever of them was late has had its looks by now.
    expect(await created()).toHaveLength(1);
    for (const server of [ahead, behind]) expect(server.said()).toBe('');
  },
);
