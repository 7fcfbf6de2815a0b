import { MAX_PIXELS } from '@imaginarium/pictures';
import { MOST_UPSCALED_PIXELS, type Quote } from '@imaginarium/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { SqlWebhookOutbox } from '../adapters/typeorm/assets/webhook-outbox.ts';
import { aFile } from '../adapters/typeorm/testing/world.ts';
import { closeTestApps, strangerOf } from '../testing/test-app.ts';
import { upscaleWorld } from './testing/upscale-world.ts';

afterEach(closeTestApps);

describe('an upscale', () => {
  test('is an ordinary run of a workflow of its own, with a version of an asset', async () => {
    const { call, upload, upscale } = await upscaleWorld();
    const fileId = await upload('avatar');
    const source = { sourceApp: 'shop', sourceId: '7' };
    const answer = await upscale({ fileId, tier: 'standard', params: { format: 'png' }, ...source });
    expect(answer.status).toBe(202);
    const { asset, version, estimate, statusUrl, webhook } = answer.body;
    expect(answer.headers.location).toBe(statusUrl);
    expect(asset).toMatchObject({ name: 'avatar.png', original: { id: fileId }, ...source });
    expect(version).toMatchObject({
      ...{ number: 1, tier: 'standard', state: 'queued', credits: 15, file: null },
      leftOut: ['Faces are not restored: install it with: imaginarium models pull x.'],
    });
    expect([estimate.credits, webhook]).toEqual([15, null]);
    const { body: run } = await call('getRun', { params: { id: version.runId } });
    expect(run).toMatchObject({ workflowName: 'Upscale 4x', state: 'queued', creditsQuoted: 15, version: null });
    expect(run.graph.nodes[1]).toMatchObject({ type: 'upscaler.standard', params: { format: 'png' } });
    expect((await call('listWorkflows')).body.workflows).toEqual([]);
    const params = { id: run.workflowId };
    expect((await call('getWorkflow', { params })).body).toMatchObject({ name: 'Upscale 4x', builtIn: true });
    expect((await call('deleteWorkflow', { params })).status).toBe(404);
    expect((await call('saveDraft', { params, body: { graph: run.graph, revision: 1 } })).status).toBe(404);

    const again = await upscale({ fileId: await upload('new avatar'), tier: 'standard', ...source });
    expect(again.body).toMatchObject({ asset: { id: asset.id }, version: { number: 2 } });
    const next = await upscale({ assetId: asset.id, tier: 'free', webhookUrl: 'https://app.example.com/hook' });
    expect(next.body).toMatchObject({
      ...{ asset: { id: asset.id }, version: { number: 3 }, webhook: { state: 'waiting', attempts: 0 } },
    });
    expect((await call('getAsset', { params: { id: asset.id } })).body.versions).toHaveLength(3);
    expect((await call('getUpscale', { params: { id: next.body.version.id } })).body).toEqual(next.body);
  });

  test('that is sent again under its key is answered with the first one', async () => {
    const { upload, upscale, countAssets, call } = await upscaleWorld();
    const body = { fileId: await upload('a'), tier: 'free' };
    const first = await upscale(body, 'one');
    const repeated = await Promise.all([1, 2, 3].map(() => upscale(body, 'one')));
    for (const answer of repeated) expect([answer.status, answer.body]).toEqual([202, first.body]);
    const atOnce = await Promise.all([1, 2, 3].map(() => upscale(body, 'two')));
    expect(new Set(atOnce.map(({ body: { version } }) => version.id)).size).toBe(1);
    expect([await countAssets(), (await call('listRuns')).body.runs.length]).toEqual([1, 2]);
    const { asset } = first.body;
    expect((await call('getAsset', { params: { id: asset.id } })).body.versions).toHaveLength(2);
    const other = await upscale({ ...body, tier: 'standard' }, 'one');
    expect([other.status, other.body.error.code]).toEqual([409, 'idempotency-mismatch']);
    await call('deleteAsset', { params: { id: asset.id } });
    expect((await upscale(body, 'one')).body.error.message).toContain('its asset was deleted since');
  });

  test('that is refused leaves nothing behind, and says why', async () => {
    const { upload, upscale, countAssets, call } = await upscaleWorld({
      config: { credits: { mode: 'metered', startGrant: 20 } },
    });
    const fileId = await upload('a');
    const refused = async (body: object) => {
      const { status, body: answer } = await upscale({ fileId, ...body });
      return [status, answer.error.code];
    };
    expect(await refused({ tier: 'billboard' })).toEqual([402, 'insufficient-credits']);
    expect(await refused({ tier: 'standard', maxCredits: 14 })).toEqual([409, 'price-changed']);
    expect(await refused({ tier: 'free', params: { format: 'bmp' } })).toEqual([422, 'graph-invalid']);
    expect(await refused({ tier: 'free', params: { colour: 'red' } })).toEqual([422, 'graph-invalid']);
    expect(await refused({ tier: 'huge' })).toEqual([400, 'bad-request']);
    expect(await refused({ tier: 'free', webhookUrl: 'file:///etc/passwd' })).toEqual([400, 'bad-request']);
    expect(await refused({ tier: 'free', fileId: 'b'.repeat(64) })).toEqual([404, 'not-found']);
    const unclear = await upscale({ fileId, assetId: '0193f000-0000-7000-8000-000000000001', tier: 'free' });
    expect(unclear.body.error.message).toContain('expected exactly one of fileId, assetId and sourcePath');
    expect([await countAssets(), (await call('listRuns')).body.runs]).toEqual([0, []]);
  });

  test('says in each tier what it will cost and leave out before it is asked for, and starts nothing', async () => {
    const { upload, call, ...app } = await upscaleWorld({ config: { credits: { mode: 'metered', startGrant: 20 } } });
    const { body: asset } = await call('registerAsset', { body: { fileId: await upload('a') } });
    const params = { id: asset.id };
    const { body } = await call('quoteUpscales', { params });
    const told = body.quotes.map(({ tier, quote }: { tier: string; quote: Quote & { wallet: unknown } }) => [
      ...[tier, quote.total, quote.wallet],
      quote.nodes.flatMap(({ remarks = [] }) => remarks).length,
    ]);
    expect(told).toEqual([
      ['free', 0, { available: 20, after: 20 }, 0],
      ['standard', 15, { available: 20, after: 5 }, 1],
      ['professional', 35, { available: 20, after: -15 }, 0],
      ['billboard', 75, { available: 20, after: -55 }, 0],
    ]);
    expect((await call('listRuns')).body.runs).toEqual([]);
    // Looking makes nothing, not even the workflows that the tiers run in.
    expect(await app.database.read(({ sql }) => sql`SELECT id FROM workflow`)).toEqual([]);
    expect((await (await strangerOf(app)).call('quoteUpscales', { params })).status).toBe(404);
  });

  test('counts for what a person may do in an hour', async () => {
    const { upload, upscale } = await upscaleWorld({ limits: { hourlyItems: { 'upscaler.billboard': 2 } } });
    const fileId = await upload('a');
    const statuses = [];
    for (let sent = 0; sent < 3; sent++) statuses.push((await upscale({ fileId, tier: 'billboard' })).status);
    expect(statuses).toEqual([202, 202, 429]);
  });
});

test('an upscale that is run again, as any run that failed can be, makes the next version of its asset', async () => {
  const { call, upload, upscale, runStore } = await upscaleWorld();
  const webhookUrl = 'https://app.example.com/hook';
  const first = (await upscale({ fileId: await upload('a'), tier: 'standard', webhookUrl })).body;
  const lease = await runStore.claim(first.version.runId, 'worker', 1000);
  const error = { code: 'step-failed', message: 'No.' } as const;
  if (lease)
    await runStore.settle(lease, { state: 'failed', creditsSpent: 0, error, cover: null }, { steps: [], events: [] });
  const params = { id: first.version.runId };
  const again = (await call('repeatRun', { params, body: { from: 'start' }, headers: { 'idempotency-key': 'k' } }))
    .body;
  await call('repeatRun', { params, body: { from: 'start' }, headers: { 'idempotency-key': 'k' } });
  const { versions } = (await call('getAsset', { params: { id: first.asset.id } })).body;
  expect(versions).toMatchObject([
    { number: 2, tier: 'standard', state: 'queued', runId: again.id, credits: 15 },
    { number: 1, runId: first.version.runId },
  ]);
  expect((await call('getUpscale', { params: { id: versions[0].id } })).body.webhook.url).toBe(webhookUrl);
});

describe('an asset that is deleted', () => {
  test('ends the runs that work on it alone', async () => {
    const { call, upload, upscale, batch } = await upscaleWorld();
    const [first, second] = [await upload('a'), await upload('b')];
    const alone = (await upscale({ fileId: first, tier: 'free' })).body;
    const shared = (await batch({ items: [{ fileId: first }, { fileId: second }], tier: 'free' })).body;
    expect((await call('deleteAsset', { params: { id: alone.asset.id } })).status).toBe(204);
    const stateOf = async (id: string) => (await call('getRun', { params: { id } })).body.state;
    expect([await stateOf(alone.version.runId), await stateOf(shared.id)]).toEqual(['cancelled', 'queued']);
    const { upscales } = (await call('getUpscaleBatch', { params: { id: shared.id } })).body;
    expect(upscales.map(({ asset }: { asset: { name: string } }) => asset.name)).toEqual(['b.png']);
  });
});

test('tells in the app of an application that could not be told, and tells it again', async () => {
  const { database, call, upload, upscale } = await upscaleWorld();
  const webhookUrl = 'https://app.example.com/hook';
  const { asset, version } = (await upscale({ fileId: await upload('a'), tier: 'free', webhookUrl })).body;
  const again = () => call('sendWebhookAgain', { params: { id: version.id } });
  expect((await again()).body.error.message).toContain('has not ended yet');

  // Its run ends, and the application is tried.
  const at = new Date().toISOString();
  await database.write(({ sql }) => sql`UPDATE webhook_delivery SET state = 'due', body = '{}', next_at = ${at}`);
  const outbox = new SqlWebhookOutbox(database);
  const { id } = (await outbox.next()) ?? { id: '' };
  await outbox.settle(id, { kind: 'dead', error: 'It answered 410.' });
  const { notices, unread } = (await call('listNotices')).body;
  const about = { kind: 'webhook-dead', assetId: asset.id, assetName: 'a.png', host: 'app.example.com', attempts: 1 };
  expect([unread, notices[0]]).toMatchObject([1, { about: { ...about, message: 'It answered 410.' } }]);
  const webhooks = async () => (await call('listWebhooks', { params: { id: asset.id } })).body.webhooks;
  expect(await webhooks()).toMatchObject([{ versionId: version.id, url: webhookUrl, state: 'dead', attempts: 1 }]);

  expect((await again()).body.webhook).toMatchObject({ state: 'due', attempts: 0, error: null });
  expect(await outbox.next()).toMatchObject({ id, attempt: 1, body: '{}' });
  await outbox.settle(id, { kind: 'sent' });
  expect(await webhooks()).toMatchObject([{ state: 'sent' }]);
});

test('refuses a picture of which too much would be made before anything happens, with its numbers', async () => {
  expect(MOST_UPSCALED_PIXELS).toBe(MAX_PIXELS);
  const { call, deps, upscale, batch, upload } = await upscaleWorld();
  const { id: workspaceId } = (await call('getSession')).body.workspace;
  const { files, assets } = deps.openWorkspace(workspaceId);
  const large = { ...aFile('large'), width: 6000, height: 4000 };
  await files.add(large);
  const refused = await upscale({ fileId: large.id, tier: 'billboard' });
  expect([refused.status, refused.body.error]).toMatchObject([
    422,
    { code: 'input-invalid', message: expect.stringContaining('16 times that is 6144 million') },
  ]);
  expect((await assets.list({ limit: 9 })).assets).toEqual([]);
  const items = [{ fileId: large.id }, { fileId: await upload('small') }];
  const { body } = await batch({ tier: 'billboard', items });
  expect(body.items).toMatchObject([{ upscale: null, error: { code: 'input-invalid' } }, { error: null }]);
});
