import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRefusedError, MemoryFileStore } from '@imaginarium/engine';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { MAX_PIXELS } from '@imaginarium/pictures';
import { MOST_UPSCALED_PIXELS, type Quote } from '@imaginarium/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { DiskFileStore } from '../adapters/disk/disk-file-store.ts';
import { LegacyFolders } from '../adapters/disk/legacy-folders.ts';
import { SqlInPlaceRecord } from '../adapters/typeorm/assets/files-in-place.ts';
import { SqlWebhookOutbox } from '../adapters/typeorm/assets/webhook-outbox.ts';
import { aFile } from '../adapters/typeorm/testing/world.ts';
import { type AppChanges, closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';

afterEach(closeTestApps);

/** Takes everything for a picture. */
class PictureStore extends MemoryFileStore {
  override put(source: AsyncIterable<Uint8Array>, { name }: { name: string }) {
    return super.put(source, { name, mime: 'image/png' });
  }
}

async function world(changes: AppChanges = {}) {
  const files = new PictureStore();
  const app = await testApp({ fileStore: () => files, ...changes });
  const { call } = await setUpOwner(app);
  const upload = async (name: string): Promise<string> =>
    (await call('uploadFile', { query: { name: `${name}.png` }, body: Buffer.from(name) })).body.id;
  const upscale = (body: object, key?: string) =>
    call('startUpscale', { body, headers: key === undefined ? {} : { 'idempotency-key': key } });
  const batch = (body: object, key?: string) =>
    call('startUpscaleBatch', { body, headers: key === undefined ? {} : { 'idempotency-key': key } });
  const countAssets = async () => (await call('listAssets')).body.assets.length;
  return { ...app, call, upload, upscale, batch, countAssets };
}

describe('an upscale', () => {
  test('is an ordinary run of a workflow of its own, with a version of an asset', async () => {
    const { call, upload, upscale } = await world();
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
    const { upload, upscale, countAssets, call } = await world();
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
    const { upload, upscale, countAssets, call } = await world({
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
    const { upload, call, ...app } = await world({ config: { credits: { mode: 'metered', startGrant: 20 } } });
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
    const { upload, upscale } = await world({ limits: { hourlyItems: { 'upscaler.billboard': 2 } } });
    const fileId = await upload('a');
    const statuses = [];
    for (let sent = 0; sent < 3; sent++) statuses.push((await upscale({ fileId, tier: 'billboard' })).status);
    expect(statuses).toEqual([202, 202, 429]);
  });
});

test('an upscale that is run again, as any run that failed can be, makes the next version of its asset', async () => {
  const { call, upload, upscale, runStore } = await world();
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
    const { call, upload, upscale, batch } = await world();
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

describe('a path', () => {
  test('names a picture that is read where it lies; a batch goes on without those that cannot be read', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'imaginarium-shop-')));
    await writeFile(join(folder, 'ada.png'), samplePng(4, 4));
    await writeFile(join(folder, 'corrupt.png'), samplePng(4, 4).subarray(0, 20));
    const inspectPicture = async (path: string, name: string) => {
      if ((await readFile(path)).length > 20) return { width: 4, height: 4 };
      throw new FileRefusedError('broken', `${name} cannot be read as a picture.`);
    };
    const app = await testApp();
    const record = new SqlInPlaceRecord(app.database);
    const legacyFolders = new LegacyFolders({ folders: [folder], record, inspectPicture, maxBytes: 1000 });
    const store = new DiskFileStore({
      root: join(folder, '.files'),
      inspectPicture,
      maxBytes: 1000,
      inPlace: legacyFolders,
    });
    const { upscale, batch } = await world({ legacyFolders, fileStore: () => store });
    const one = await upscale({ sourcePath: join(folder, 'ada.png'), tier: 'free', sourceApp: 'shop', sourceId: '1' });
    expect([one.status, one.body.asset.name, one.body.asset.sourceId]).toEqual([202, 'ada.png', '1']);
    const items = ['ada.png', 'corrupt.png', '../ada.png'].map((name) => ({ sourcePath: `${folder}/${name}` }));
    const { body } = await batch({ items, tier: 'free' });
    expect(body.items.map(({ error }: { error: { code: string } | null }) => error?.code)).toEqual([
      ...[undefined, 'bad-file', 'not-allowed'],
    ]);
    const again = { assetId: one.body.asset.id, tier: 'free' };
    expect((await upscale(again)).status).toBe(202);
    await writeFile(join(folder, 'ada.png'), samplePng(5, 5));
    const changed = await upscale(again);
    expect([changed.status, changed.body.error.message]).toEqual([
      404,
      'ada.png is read where it lies, and was changed, moved or removed there since it was registered. Name its path again to register it as it is now.',
    ]);
    const anew = await upscale({ sourcePath: join(folder, 'ada.png'), tier: 'free', sourceApp: 'shop', sourceId: '1' });
    expect(anew.body).toMatchObject({ asset: { id: one.body.asset.id }, version: { number: 3 } });
    expect(anew.body.asset.original.id).not.toBe(one.body.asset.original.id);
    await rm(folder, { recursive: true });
  });

  test('names nothing where the server reads no files in place', async () => {
    const { upscale } = await world();
    const { status, body } = await upscale({ sourcePath: '/srv/shop/ada.png', tier: 'free' });
    expect([status, body.error.code]).toEqual([403, 'not-allowed']);
    expect(body.error.message).toContain('IMAGINARIUM_LEGACY_FOLDERS');
  });
});

describe('a batch', () => {
  test('is one run, with a version for each picture that can be had', async () => {
    const { upload, batch, call } = await world();
    const items = [
      { fileId: await upload('a'), sourceApp: 'shop', sourceId: '1' },
      { fileId: 'b'.repeat(64) },
      { fileId: await upload('c'), name: 'See' },
    ];
    const answer = await batch({ items, tier: 'standard' }, 'key');
    expect([answer.status, answer.headers.location]).toEqual([202, answer.body.statusUrl]);
    const [first, second, third] = answer.body.items;
    expect([first.upscale.asset.sourceId, third.upscale.asset.name]).toEqual(['1', 'See']);
    expect([second.upscale, second.error.code]).toEqual([null, 'not-found']);
    expect([answer.body.estimate.credits, first.upscale.estimate.credits]).toEqual([30, 15]);
    const { body: run } = await call('getRun', { params: { id: answer.body.id } });
    expect(run.inputs.photo).toHaveLength(2);
    expect(run.graph.nodes[1].policy).toEqual({ onError: 'skip-item' });
    const stands = (await call('getUpscaleBatch', { params: { id: run.id } })).body;
    expect(stands.upscales).toEqual([first.upscale, third.upscale]);
    const repeated = (await batch({ items, tier: 'standard' }, 'key')).body;
    expect(repeated.items.map(({ upscale }: { upscale: object }) => upscale)).toEqual([
      first.upscale,
      null,
      third.upscale,
    ]);
    expect(repeated.items[1].error.message).toContain('refused when the request first came');
  });

  test('is quoted whole in each tier before it is asked for, with what would be left out and what a tier cannot do', async () => {
    const { upload, call, deps, ...app } = await world({ config: { credits: { mode: 'metered', startGrant: 100 } } });
    const assetOf = async (name: string) =>
      (await call('registerAsset', { body: { fileId: await upload(name) } })).body.id as string;
    const { assets } = deps.openWorkspace((await call('getSession')).body.workspace.id);
    const large = { ...aFile('large'), id: await upload('large'), width: 6000, height: 4000 };
    const { id: largeId } = await assets.register({ original: large, name: 'Large' });
    const [one, two] = [await assetOf('a'), await assetOf('b')];
    const assetIds = [one, '0193f000-0000-7000-8000-000000000001', largeId, two];
    const quote = (body: object) => call('quoteUpscaleBatch', { body });
    type Told = { tier: string; quote: Quote | null; error: object | null; refused: { item: number; error: object }[] };
    const told = ({ tier, quote, error, refused }: Told) => [
      ...[tier, quote?.total, error],
      refused.map(({ item }) => item),
    ];
    expect((await quote({ assetIds })).body.quotes.map(told)).toEqual([
      ['free', 0, null, [1]],
      ['standard', 30, null, [1, 2]],
      ['professional', 70, null, [1, 2]],
      ['billboard', 128, null, [1, 2]],
    ]);
    const many = (await quote({ assetIds: Array.from({ length: 4 }, () => one) })).body.quotes;
    expect(many[3]).toMatchObject({ tier: 'billboard', quote: null, error: { code: 'batch-too-large' } });
    const tooLarge = (await quote({ assetIds: [largeId] })).body.quotes;
    expect(tooLarge[3]).toMatchObject({ quote: null, error: { code: 'input-invalid' }, refused: [{ item: 0 }] });
    expect((await call('listRuns')).body.runs).toEqual([]);
    expect(await app.database.read(({ sql }) => sql`SELECT id FROM workflow`)).toEqual([]);
    const stranger = await (await strangerOf(app)).call('quoteUpscaleBatch', { body: { assetIds } });
    expect([stranger.status, stranger.body.error.code]).toEqual([404, 'not-found']);
  });

  test('is refused above the limit of its tier, with numbers, and where none of its pictures can be had', async () => {
    const { upload, batch, countAssets } = await world();
    const fileId = await upload('a');
    const large = await batch({ items: Array.from({ length: 4 }, () => ({ fileId })), tier: 'billboard' });
    expect([large.status, large.body.error.code]).toEqual([422, 'batch-too-large']);
    expect(large.body.error.details).toMatchObject({ limit: 3, items: 4 });
    const lost = await batch({ items: [{ fileId: 'b'.repeat(64) }], tier: 'free' });
    expect([lost.status, lost.body.error.code]).toEqual([404, 'not-found']);
    expect(await countAssets()).toBe(0);
  });
});

test('tells in the app of an application that could not be told, and tells it again', async () => {
  const { database, call, upload, upscale } = await world();
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
  const { call, deps, upscale, batch, upload } = await world();
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
