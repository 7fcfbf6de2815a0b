import { randomUUID } from 'node:crypto';
import { aNewRun } from '@imaginarium/engine/testing';
import type { FileRef } from '@imaginarium/protocol';
import { describe, expect, inject, test } from 'vitest';
import { upscaleGraph } from '../../../assets/upscale-graph.ts';
import { SqlLeftovers } from '../files/leftovers.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aFile } from '../testing/world.ts';
import { EVER, ending, LONG_AGO, stepOf, upscalesOn } from './testing/upscales-on.ts';

describe.each(scratchKinds(inject('postgresUrl')))('files of upscales on $name', (kind) => {
  const { errors, look, place, world } = upscalesOn(kind);

  test('keep their results when the server dies between the end of the run and that, and when retention removes the run', async () => {
    const upscale = await place(1);
    const lease = await upscale.accept();
    const { step, made } = await stepOf(upscale);
    await world.runStore.settle(lease, ...ending(step));
    const leftovers = new SqlLeftovers(world.database);
    const tidy = async () => {
      await world.database.write(
        ({ sql }) =>
          sql`UPDATE run SET finished_at = ${LONG_AGO}, created_at = ${LONG_AGO} WHERE id = ${upscale.runId}`,
      );
      await world.database.write(
        ({ sql }) => sql`UPDATE file SET created_at = ${LONG_AGO} WHERE workspace_id = ${upscale.workspaceId}`,
      );
      const removed = await leftovers.removeRuns('2026-02-01T00:00:00.000Z');
      await leftovers.disownFiles({ madeBefore: '2026-02-01T00:00:00.000Z', resultsUsedBefore: EVER });
      return removed;
    };
    expect(await tidy()).toBe(0);
    // Two servers start at once.
    await Promise.all([look(), look()]);
    expect(await tidy()).toBe(1);
    const [found] = await upscale.stores.upscales.ofRun(upscale.runId);
    expect(found?.upscale.version).toMatchObject({ state: 'succeeded', file: made[0], runId: upscale.runId });
    const all = [...upscale.originals, ...made].map(({ id }) => id);
    expect(await upscale.stores.files.missing(all)).toEqual([]);
    await upscale.stores.assets.delete(found?.upscale.asset.id ?? '');
    await tidy();
    expect(await upscale.stores.files.missing(all)).toEqual(all);
    expect(errors).toEqual([]);
  });

  test('leave their files with their asset though the run that made them is kept, and no others', async () => {
    const upscale = await place(2);
    const { stores, originals } = upscale;
    const lease = await upscale.accept();
    const { step, made } = await stepOf(upscale);
    await world.runStore.settle(lease, ...ending(step));
    await look();
    const [gone, stays] = await stores.upscales.ofRun(upscale.runId);
    await stores.assets.delete(gone?.upscale.asset.id ?? '');
    const ahead = new Date(Date.now() + 86_400_000).toISOString();
    await new SqlLeftovers(world.database).disownFiles({ madeBefore: ahead, resultsUsedBefore: ahead });
    const all = [...originals, ...made].map(({ id }) => id);
    expect(await stores.files.missing(all)).toEqual([originals[0]?.id, made[0]?.id]);
    expect(await stores.upscales.ofRun(upscale.runId)).toEqual([stays]);
    expect((await stores.runs.get(upscale.runId))?.run.state).toBe('succeeded');
  });

  test('let go of the original that they replaced once they have ended, and no earlier', async () => {
    const { stores, workspaceId, workflowId } = await world.openOne();
    const [first, second] = ['first', 'second'].map((name) => aFile(`${workspaceId.slice(0, 8)} ${name}`)) as [
      FileRef,
      FileRef,
    ];
    for (const file of [first, second]) await stores.files.add(file);
    const source = { sourceApp: 'shop', sourceId: '9' };
    await stores.assets.register({ original: first, ...source });
    const runId = randomUUID();
    await stores.upscales.begin({
      ...{ runId, tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null },
      pictures: [{ place: 0, item: 0, asset: { original: second, ...source }, credits: 0 }],
    });
    const graph = upscaleGraph('free', {});
    await world.runStore.accept(aNewRun({ id: runId, workspaceId, workflowId, graph, inputs: {} }));
    const goneAfterTidying = async () => {
      await new SqlLeftovers(world.database).disownFiles({ madeBefore: EVER, resultsUsedBefore: EVER });
      return stores.files.missing([first.id, second.id]);
    };
    expect(await goneAfterTidying()).toEqual([]);
    await world.runStore.requestCancel(runId);
    await look();
    expect(await goneAfterTidying()).toEqual([first.id]);
  });
});
