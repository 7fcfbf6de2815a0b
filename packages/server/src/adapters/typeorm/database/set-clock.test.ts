import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { aNewRun } from '@imaginarium/engine/testing';
import { expect, inject, test } from 'vitest';
import { SqlRunStore } from '../runs/run-store.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { graphOf, openWorld } from '../testing/world.ts';

const HOUR_MS = 3_600_000;

// On PostgreSQL its own clock counts, which no test can set.
test.each(scratchKinds(null))(
  '$name: a run whose worker died is not left for as long as the clock was set back',
  async (kind) => {
    const world = await openWorld(kind);
    const { workspaceId, workflowId } = await world.openOne();
    let now = Date.now();
    const store = new SqlRunStore(world.database, undefined, () => now);
    const { run } = await store.accept(aNewRun({ workspaceId, workflowId, graph: graphOf(1) }));
    const lease = await store.claim(run.id, 'alive', 5000);
    if (!lease) throw new Error('not claimed');
    expect(await store.takeOver(run.id, 'another', 5000)).toBe(undefined);
    now -= HOUR_MS;
    // Who lives renews by the new clock, and keeps it.
    await store.renew(lease, 5000);
    expect([await store.listAbandoned(10), await store.takeOver(run.id, 'another', 5000)]).toEqual([[], undefined]);
    now -= HOUR_MS;
    expect((await store.listAbandoned(10)).map(({ runId }) => runId)).toEqual([run.id]);
    expect(await store.takeOver(run.id, 'another', 5000)).toMatchObject({ runId: run.id, token: lease.token + 1 });
    await world.remove();
  },
);

test.each(
  scratchKinds(inject('postgresUrl'))
    .slice(1)
    .flatMap((kind) => [HOUR_MS, -HOUR_MS].map((off) => ({ kind, off }))),
)(
  'machines whose clocks differ by $off ms share PostgreSQL, and none takes what another holds',
  async ({ kind, off }) => {
    const world = await openWorld(kind);
    const place = await world.openOne();
    const [right, wrong] = [0, off].map((by) => new SqlRunStore(world.database, undefined, () => Date.now() + by));
    if (!right || !wrong) throw new Error('expected two');
    const queued = async (store: SqlRunStore, changes = {}) =>
      (await store.accept(aNewRun({ ...place, id: randomUUID(), graph: graphOf(1), ...changes }))).run.id;
    for (const [holder, other] of [
      [right, wrong],
      [wrong, right],
    ] as const) {
      const id = await queued(holder);
      const lease = await holder.claim(id, 'holder', 2000);
      if (!lease) throw new Error('not claimed');
      expect([await other.takeOver(id, 'other', 5000), await other.listAbandoned(10)]).toEqual([undefined, []]);
      expect(await holder.renew(lease, 400)).toBe(true);
      await wait(500);
      expect((await other.listAbandoned(10)).map(({ runId }) => runId)).toEqual([id]);
      expect(await other.takeOver(id, 'other', 60_000)).toMatchObject({ token: lease.token + 1 });
      expect(await holder.renew(lease, 5000)).toBe(false);
    }
    const soon = new Date(Date.now() + 400).toISOString();
    const later = await queued(right, { notBefore: soon });
    expect([await wrong.claim(later, 'other', 5000), await wrong.listDue(10)]).toEqual([undefined, []]);
    await wait(500);
    expect((await wrong.listDue(10)).map(({ runId }) => runId)).toEqual([later]);
    expect(await wrong.claim(later, 'other', 5000)).toBeDefined();
    expect(Math.abs((await wrong.leaseClock()) - Date.now())).toBeLessThan(1000);
    await world.remove();
  },
);
