import { describe, expect, inject, test } from 'vitest';
import { UPSCALE_NODE } from '../../../assets/upscale-graph.ts';
import { scratchKinds } from '../testing/scratch-databases.ts';
import { aStep } from '../testing/world.ts';
import { ending, stepOf, upscalesOn } from './testing/upscales-on.ts';
import { SqlWebhookOutbox } from './webhook-outbox.ts';

describe.each(scratchKinds(inject('postgresUrl')))('upscales on $name', (kind) => {
  const { errors, look, place, world } = upscalesOn(kind);

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
