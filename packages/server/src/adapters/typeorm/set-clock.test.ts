import { aNewRun } from '@imaginarium/engine/testing';
import { expect, inject, test } from 'vitest';
import { SqlRunStore } from './run-store.ts';
import { scratchKinds } from './testing/scratch-databases.ts';
import { graphOf, openWorld } from './testing/world.ts';

const HOUR_MS = 3_600_000;

test.each(scratchKinds(inject('postgresUrl')))(
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
