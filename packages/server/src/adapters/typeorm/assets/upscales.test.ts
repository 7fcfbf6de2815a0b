import { randomUUID } from 'node:crypto';
import { type Checkpoint, type RunOutcome, systemClock } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import type { Failure, FileRef, Item, Step } from '@imaginarium/protocol';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { UPSCALE_NODE, upscaleGraph } from '../../../assets/upscale-graph.ts';
import { UpscaleWatch } from '../../../assets/upscale-watch.ts';
import { SqlLeftovers } from '../files/leftovers.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aFile, aStep, openWorld, type World } from '../testing/world.ts';
import { SqlEndedUpscales } from './ended-upscales.ts';
import { SqlWebhookOutbox } from './webhook-outbox.ts';

const LONG_AGO = '2026-01-01T00:00:00.000Z';
const EVER = '2126-01-01T00:00:00.000Z';

describe.each(scratchKinds(inject('postgresUrl')))('upscales on $name', (kind) => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(kind);
  });
  afterAll(() => world.remove());

  const errors: object[] = [];
  /** What a server does that has just started. */
  const look = (clock = systemClock) =>
    new UpscaleWatch({
      ...{ ended: new SqlEndedUpscales(world.database), runStore: world.runStore, clock },
      log: { error: (data) => errors.push(data) },
    }).look();

  /** A workspace with so many pictures that are being upscaled in one run. */
  async function place(pictures: number, { webhookUrl = null as string | null } = {}) {
    const { stores, workspaceId, workflowId } = await world.openOne();
    const originals = Array.from({ length: pictures }, (_, index) => aFile(`${workspaceId.slice(0, 8)} ${index}`));
    for (const file of originals) await stores.files.add(file);
    const runId = randomUUID();
    const begun = await stores.upscales.begin({
      ...{ runId, tier: 'standard', leftOut: ['before'], estimateMs: 12.6, webhookUrl },
      pictures: originals.map((original, place) => ({ place, item: place * 2, asset: { original }, credits: 15 })),
    });
    const queue = () => {
      const graph = upscaleGraph('standard', {}, { many: pictures > 1 });
      return world.runStore.accept(aNewRun({ id: runId, workspaceId, workflowId, graph, inputs: {} }));
    };
    const accept = async () => {
      await queue();
      const lease = await world.runStore.claim(runId, 'worker', 60_000);
      if (!lease) throw new Error('The run was not claimed.');
      return lease;
    };
    const states = async () => (await stores.upscales.ofRun(runId)).map(({ upscale }) => upscale.version.state);
    return { stores, workspaceId, runId, begun, originals, queue, accept, states };
  }

  /** The step that upscales, with a result for some pictures, and failures of others. */
  async function stepOf(
    { stores, runId, originals }: Awaited<ReturnType<typeof place>>,
    { failed = [] as number[] } = {},
  ): Promise<{ step: Step; made: FileRef[] }> {
    const made: FileRef[] = [];
    const items: Item[] = [];
    for (const [index, { name }] of originals.entries()) {
      if (failed.includes(index)) continue;
      const file = { ...aFile(`${runId.slice(0, 8)} made ${index}`), name: `${name}-4x.png`, width: 4, height: 8 };
      await stores.files.addMade(file, runId);
      made.push(file);
      const stages = [
        { stage: 'detect-faces', state: 'skipped', note: 'Install it with: imaginarium models pull yunet-n.' },
        { stage: 'restore-faces', state: 'skipped', note: 'There was no face to restore.' },
      ];
      items.push({ id: `i${index}`, file, fields: { number: index + 1, upscale: { stages } }, from: [] });
    }
    const failedItems = failed.map((index) => ({
      index,
      code: 'step-failed' as const,
      message: `${index} is broken.`,
    }));
    const step = aStep(UPSCALE_NODE, { outputs: { image: items }, itemsFailed: failed.length, failedItems });
    return { step, made };
  }

  const ending = (
    step: Step,
    state: 'succeeded' | 'failed' = 'succeeded',
    creditsSpent = 0,
  ): [RunOutcome, Checkpoint] => {
    const error: Failure | null = state === 'failed' ? { code: 'step-failed', message: 'No.' } : null;
    return [
      { state, creditsSpent, error, cover: null },
      { steps: [step], events: [] },
    ];
  };

  test('follow their run, and have its result a moment after its end', async () => {
    const upscale = await place(1);
    expect(await upscale.states()).toEqual(['queued']);
    const lease = await upscale.accept();
    expect(await upscale.states()).toEqual(['running']);
    const { step, made } = await stepOf(upscale);
    await world.runStore.settle(lease, ...ending(step, 'succeeded', 15));
    // Who asks now would find no file yet.
    expect(await upscale.states()).toEqual(['running']);
    await look();
    const [found] = await upscale.stores.upscales.ofRun(upscale.runId);
    const id = found?.upscale.version.id ?? '';
    expect(found?.upscale).toMatchObject({
      asset: { original: upscale.originals[0], originalState: 'kept' },
      version: {
        ...{ number: 1, tier: 'standard', state: 'succeeded', file: made[0], width: 4, height: 8, credits: 15 },
        ...{ error: null, leftOut: ['Install it with: imaginarium models pull yunet-n.'] },
      },
      ...{ estimate: { credits: 15, ms: 13 }, statusUrl: `/api/v1/upscales/${id}`, webhook: null },
    });
    expect(await upscale.stores.upscales.get(id)).toEqual(found?.upscale);
  });

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

  test('end each for itself in a batch: a picture that is broken takes none of the others along', async () => {
    const upscale = await place(3);
    const lease = await upscale.accept();
    const { step, made } = await stepOf(upscale, { failed: [1] });
    await world.runStore.settle(lease, ...ending(step, 'succeeded', 25));
    await look();
    const found = await upscale.stores.upscales.ofRun(upscale.runId);
    expect(found.map(({ item }) => item)).toEqual([0, 2, 4]);
    expect(found.map(({ upscale: { version } }) => [version.state, version.file, version.credits])).toEqual([
      ['succeeded', made[0], 13],
      ['failed', null, 0],
      ['succeeded', made[1], 12],
    ]);
    expect(found[1]?.upscale.version.error).toEqual({
      code: 'step-failed',
      message: '1 is broken.',
      node: UPSCALE_NODE,
    });
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

  test('fail and are cancelled with their run', async () => {
    const failing = await place(1);
    const lease = await failing.accept();
    await world.runStore.settle(lease, ...ending(aStep(UPSCALE_NODE, { state: 'failed' }), 'failed'));
    const cancelled = await place(2);
    await cancelled.queue();
    await world.runStore.requestCancel(cancelled.runId);
    await look();
    expect([await failing.states(), await cancelled.states()]).toEqual([['failed'], ['cancelled', 'cancelled']]);
    const [found] = await failing.stores.upscales.ofRun(failing.runId);
    expect(found?.upscale.version.error).toEqual({ code: 'step-failed', message: 'No.' });
  });

  test('are taken back where the run is not accepted, and forgotten where the server died before it was', async () => {
    const accepted = await place(1);
    await accepted.queue();
    await accepted.begun.withdraw();
    expect(await accepted.states()).toEqual(['queued']);
    const { stores, begun, originals } = await place(2);
    await begun.withdraw();
    expect((await stores.assets.list({ limit: 9 })).assets).toEqual([]);
    expect(await stores.files.missing(originals.map(({ id }) => id))).toEqual([]);
    const kept = await stores.assets.register({ original: originals[0] as FileRef });
    const again = { runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null } as const;
    const pictures = originals.map((original, place) => {
      return { place, item: place, asset: place === 0 ? kept : { original }, credits: 0 };
    });
    await stores.upscales.begin({ ...again, pictures });
    await look();
    expect(await stores.upscales.ofRun(again.runId)).toHaveLength(2);
    await look({ ...systemClock, now: () => Date.now() + 660_000 });
    expect(await stores.upscales.ofRun(again.runId)).toEqual([]);
    expect((await stores.assets.list({ limit: 9 })).assets.map(({ id }) => id)).toEqual([kept.id]);
  });

  test('that are taken back leave an asset the original and the name that it had', async () => {
    const { stores, originals } = await place(2);
    const [first, second] = originals as [FileRef, FileRef];
    const source = { sourceApp: 'shop', sourceId: '7' };
    const { id } = await stores.assets.register({ original: first, name: 'Ada', ...source });
    const asked = { runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null } as const;
    const asset = { original: second, name: 'Eve', ...source };
    const begin = () =>
      stores.upscales.begin({ ...asked, pictures: [0, 1].map((place) => ({ place, item: place, asset, credits: 0 })) });
    const has = async () => {
      const found = await stores.assets.get(id);
      return [found?.name, found?.original?.id, found?.versions.length];
    };
    const begun = await begin();
    expect(await has()).toEqual(['Eve', second.id, 2]);
    await begun.withdraw();
    expect(await has()).toEqual(['Ada', first.id, 0]);
    // Whoever gave it another one since is heard.
    const again = await begin();
    const third = { ...first, id: 'd'.repeat(64) };
    await stores.files.add(third);
    await stores.assets.register({ original: third, ...source });
    await again.withdraw();
    expect(await has()).toEqual(['Eve', third.id, 0]);
  });

  test('that were begun by a server that died leave an asset the original that it had, which nobody removed meanwhile', async () => {
    const { stores, originals, workspaceId } = await place(3);
    const [first, second, third] = originals as [FileRef, FileRef, FileRef];
    const source = { sourceApp: 'shop', sourceId: '8' };
    const { id } = await stores.assets.register({ original: first, name: 'Ada', ...source });
    const asked = { tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null } as const;
    for (const original of [second, third])
      await stores.upscales.begin({
        ...{ ...asked, runId: randomUUID() },
        pictures: [{ place: 0, item: 0, asset: { original, name: 'Eve', ...source }, credits: 0 }],
      });
    await world.database.write(
      ({ sql }) => sql`UPDATE file SET created_at = ${LONG_AGO} WHERE workspace_id = ${workspaceId}`,
    );
    await new SqlLeftovers(world.database).disownFiles({ madeBefore: EVER, resultsUsedBefore: EVER });
    await look({ ...systemClock, now: () => Date.now() + 660_000 });
    expect(await stores.assets.get(id)).toMatchObject({ name: 'Ada', original: first, versions: [] });
    expect(errors).toEqual([]);
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

  test('count up the versions of an asset, also of several at once', async () => {
    const { stores } = await place(1);
    const [asset] = (await stores.assets.list({ limit: 1 })).assets;
    if (!asset) throw new Error('The asset is not there.');
    const begin = () =>
      stores.upscales.begin({
        ...{ runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null },
        pictures: [0, 1].map((place) => ({ place, item: place, asset, credits: 0 })),
      });
    await Promise.all([begin(), begin(), begin()]);
    const numbers = (await stores.assets.get(asset.id))?.versions.map(({ number }) => number);
    expect(numbers).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('of the same pictures in another order do not wait for each other in a circle', async () => {
    const { stores, originals } = await place(6);
    const assetOf = (original: FileRef, index: number) => ({ original, sourceApp: 'shop', sourceId: `${index}` });
    const assets = originals.map(assetOf);
    const begin = (order: typeof assets) =>
      stores.upscales.begin({
        ...{ runId: randomUUID(), tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null },
        pictures: order.map((asset, at) => ({ place: at, item: at, asset, credits: 0 })),
      });
    await begin(assets);
    await Promise.all(Array.from({ length: 6 }, (_, at) => begin(at % 2 === 0 ? assets : assets.toReversed())));
    const listed = (await stores.assets.list({ limit: 20, sourceApp: 'shop' })).assets;
    expect(listed.map(({ versionCount }) => versionCount)).toEqual([7, 7, 7, 7, 7, 7]);
  });

  test('fail where the file of the result is not there any more', async () => {
    const upscale = await place(1);
    const lease = await upscale.accept();
    const { step, made } = await stepOf(upscale);
    await world.runStore.settle(lease, ...ending(step));
    await world.database.write(async ({ sql }) => {
      await sql`DELETE FROM file_use WHERE file_id = ${made[0]?.id ?? ''}`;
      await sql`DELETE FROM file WHERE id = ${made[0]?.id ?? ''}`;
    });
    await look();
    const [found] = await upscale.stores.upscales.ofRun(upscale.runId);
    expect(found?.upscale.version).toMatchObject({ state: 'failed', file: null, error: { code: 'file-missing' } });
    expect(errors).toEqual([]);
  });

  test('of a run that cannot be read keep none of the others waiting', async () => {
    const unreadable = await place(1);
    const other = await place(1);
    for (const upscale of [unreadable, other]) {
      const lease = await upscale.accept();
      await world.runStore.settle(lease, ...ending((await stepOf(upscale)).step));
    }
    const torn = JSON.stringify([{ outputs: { image: [{ id: 'i0', from: ['missing'], kept: true, fields: {} }] } }]);
    await world.database.write(
      ({ sql }) => sql`UPDATE run_journal SET steps = ${torn} WHERE run_id = ${unreadable.runId}`,
    );
    await look();
    expect([await unreadable.states(), await other.states()]).toEqual([['running'], ['succeeded']]);
    expect(errors.splice(0)).toEqual([{ runId: unreadable.runId, err: expect.any(Error) }]);
    const [found] = await unreadable.stores.upscales.ofRun(unreadable.runId);
    await unreadable.stores.assets.delete(found?.upscale.asset.id ?? '');
  });

  test('have a webhook told once they have ended, which one sender after the other may try', async () => {
    const upscale = await place(1, { webhookUrl: 'https://app.example.com/hooks' });
    let now = Date.now();
    const outbox = new SqlWebhookOutbox(world.database, () => now);
    const webhookOf = async () => (await upscale.stores.upscales.ofRun(upscale.runId))[0]?.upscale.webhook;
    const lease = await upscale.accept();
    expect([await outbox.next(), (await webhookOf())?.state]).toEqual([undefined, 'waiting']);
    const { step, made } = await stepOf(upscale);
    await world.runStore.settle(lease, ...ending(step));
    await Promise.all([look(), look()]);
    now = Date.now();
    const taken = (await Promise.all([outbox.next(), outbox.next()])).filter((delivery) => delivery !== undefined);
    expect(taken).toMatchObject([
      { workspaceId: upscale.workspaceId, url: 'https://app.example.com/hooks', attempt: 1 },
    ]);
    expect(JSON.parse(taken[0]?.body ?? '')).toMatchObject({
      type: 'upscale.ended',
      data: { asset: { originalState: 'kept' }, version: { state: 'succeeded', file: { id: made[0]?.id } } },
    });
    // The server that had it died: another one has it a minute later, and it is the same delivery.
    expect(await outbox.next()).toBeUndefined();
    now += 61_000;
    const again = await outbox.next();
    expect([again?.id, again?.attempt]).toEqual([taken[0]?.id, 2]);
    await outbox.settle(again?.id ?? '', { kind: 'later', afterMs: 5000, error: 'app.example.com answered 500.' });
    expect(await webhookOf()).toMatchObject({ state: 'due', attempts: 2, error: 'app.example.com answered 500.' });
    now += 6000;
    await outbox.settle((await outbox.next())?.id ?? '', { kind: 'sent' });
    expect(await webhookOf()).toEqual({
      ...{ url: 'https://app.example.com/hooks', state: 'sent', attempts: 3, nextAt: null, error: null },
    });
    now += 3_600_000;
    expect(await outbox.next()).toBeUndefined();
  });
});
