import { type Route, type RouteName, routes } from '@imaginarium/protocol';
import supertest from 'supertest';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { aFile } from '../adapters/typeorm/testing/world.ts';
import type { UpscaleItem } from '../assets/upscale-list.ts';
import { callerOf, closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { sayGraph } from '../testing/test-nodes.ts';

afterEach(closeTestApps);

const all = Object.entries(routes) as [RouteName, Route][];
const someId = '0193f000-0000-7000-8000-000000000001';
const fileId = 'a'.repeat(64);
const idFor = (route: Route) => (route.path.startsWith('/files') ? fileId : someId);

/** What each route takes, so that only the rights decide. */
const bodies: Partial<Record<RouteName, object>> = {
  createApiKey: { name: 'k' },
  createWorkflow: { name: 'w' },
  renameWorkflow: { name: 'w' },
  saveDraft: { graph: sayGraph(), revision: 1 },
  createVersion: {},
  quoteRun: {},
  startRun: {},
  repeatRun: {},
  activate: { version: 1 },
  openTestHook: { node: 'hook' },
  refundRun: { amount: 1, reason: 'r' },
  pullModel: {},
  setBillingCustomer: { customerId: 'cus_1' },
  answerWait: { decision: 'approved' },
  registerAsset: { fileId },
  renameAsset: { name: 'a' },
  startUpscale: { fileId, tier: 'free' },
  quoteUpscaleBatch: { assetIds: [someId] },
  startUpscaleBatch: { items: [{ fileId }], tier: 'free' },
};

const queries: Partial<Record<RouteName, Record<string, string>>> = { listRunIterations: { loop: 'each' } };

describe('every route', () => {
  test.each(all.filter(([, route]) => route.access !== 'public'))('%s answers 401 to nobody', async (name, route) => {
    const { app } = await testApp();
    const forged: Record<string, string>[] = [
      {},
      { authorization: 'Bearer img_00000000000000000000000000000000' },
      { cookie: 'imaginarium.sid=s%3Aforged.x' },
    ];
    for (const headers of forged) {
      const response = await callerOf(app, headers)(name, {
        params: { id: idFor(route), version: 1 },
        body: bodies[name],
      });
      expect([response.status, response.body.error?.code]).toEqual([401, 'not-signed-in']);
      expect(response.body.error.requestId).toBe(response.headers['x-request-id']);
    }
  });

  test('is closed to nobody but for a short list', () => {
    expect(all.filter(([, route]) => route.access === 'public').map(([name]) => name)).toEqual([
      'getSetup',
      'setUp',
      'signIn',
    ]);
  });

  test('refuses viewers what only editors may', async () => {
    const world = await testApp();
    const { call } = await strangerOf(world, 'viewer');
    for (const [name, route] of all.filter(([, entry]) => entry.access === 'editor')) {
      const response = await call(name, { params: { id: idFor(route) }, body: bodies[name] });
      expect([name, response.status, response.body.error?.code]).toEqual([name, 403, 'not-allowed']);
    }
  });

  test.each(scratchKinds(inject('postgresUrl')))(
    "answers 404 to another workspace's ids, by whichever route they are named, on $name",
    async (kind) => {
      const world = await testApp({}, kind);
      const { call } = await setUpOwner(world);
      const workflow = (await call('createWorkflow', { body: { name: 'Mine', graph: sayGraph() } })).body;
      await call('createVersion', { params: { id: workflow.id }, body: {} });
      const run = (await call('startRun', { params: { id: workflow.id }, body: {} })).body;
      const file = (await call('uploadFile', { query: { name: 'a.txt' }, body: Buffer.from('mine') })).body;
      const key = (await call('createApiKey', { body: { name: 'mine' } })).body;
      const { workspace } = (await call('getSession')).body;
      const { assets, files, upscales } = world.deps.openWorkspace(workspace.id);
      await files.add(aFile('mine'));
      const asset = await assets.register({ original: aFile('mine'), name: 'Mine' });
      const ids: Record<string, string> = { workflows: workflow.id, runs: run.id, files: file.id, 'api-keys': key.id };
      // Of waits there is none here: to a stranger that is the same as another's.
      ids.waits = someId;
      // A workspace, which only the owner of the server names.
      ids.billing = someId;
      ids.assets = asset.id;
      await upscales.begin({
        ...{ runId: run.id, tier: 'free', leftOut: [], estimateMs: 1, webhookUrl: null },
        pictures: [{ place: 0, item: 0, asset, credits: 1 }],
      });
      const [{ upscale }] = (await upscales.ofRun(run.id)) as [UpscaleItem];
      expect((await call('getUpscaleBatch', { params: { id: run.id } })).body.upscales).toEqual([upscale]);

      const stranger = await strangerOf(world);
      const withId = all.filter(([, route]) => route.params);
      for (const [name, route] of withId) {
        // An upscale is named by its version, a batch of them by its run.
        const { id: versionId } = upscale.version;
        const byRoute: Partial<Record<RouteName, string>> = {
          ...{ getUpscale: versionId, sendWebhookAgain: versionId, getUpscaleBatch: run.id },
        };
        const id = byRoute[name] ?? (ids[route.path.split('/')[1] as string] as string);
        const request = {
          params: { id, version: 1, name: 'none', level: 1, tile: '0_0.jpeg' },
          body: bodies[name],
          query: queries[name] ?? {},
        };
        const response = await stranger.call(name, request);
        // What is the server owner's is refused to a stranger before any id is looked at.
        const isServerOwners = ['refundRun', 'setBillingCustomer'].includes(name) || route.path.startsWith('/models/');
        const refused = isServerOwners ? [403, 'not-allowed'] : [404, 'not-found'];
        expect([name, response.status, response.body.error?.code]).toEqual([name, ...refused]);
      }
      for (const name of ['listWorkflows', 'listRuns', 'listFiles', 'listAssets'] as const) {
        expect(Object.values((await stranger.call(name)).body)[0]).toEqual([]);
      }
      const graph = sayGraph();
      graph.nodes.push({
        ...graph.nodes[0],
        id: 'show',
        type: 'test.show',
        params: { photo: { ...file, createdAt: undefined, kind: 'image' } },
      } as never);
      const theirs = (await stranger.call('createWorkflow', { body: { name: 'Theirs', graph } })).body;
      const stolen = await stranger.call('startRun', { params: { id: theirs.id }, body: {} });
      expect([stolen.status, stolen.body.error.code]).toEqual([422, 'file-missing']);
      // All of it is still there for its owner.
      expect((await call('getWorkflow', { params: { id: workflow.id } })).status).toBe(200);
      expect((await call('getAsset', { params: { id: asset.id } })).body.name).toBe('Mine');
    },
  );

  test('says in JSON what is not there and which methods are', async () => {
    const { app } = await testApp();
    const missing = await supertest(app).get('/api/v1/nothing');
    expect([missing.status, missing.body.error.code]).toEqual([404, 'not-found']);
    const method = await supertest(app).put('/api/v1/session');
    expect([method.status, method.body.error.code, method.headers.allow]).toEqual([
      405,
      'method-not-allowed',
      'POST, GET, HEAD, DELETE',
    ]);
    const undecodable = await supertest(app).get('/api/v1/workflows/%E0%A4%A');
    expect([undecodable.status, undecodable.body.error.code]).toEqual([400, 'bad-request']);
  });
});

describe('a body', () => {
  test('is refused with every field that is wrong, and repeats no password', async () => {
    const { app } = await testApp();
    const body = { name: '', email: 'nobody', password: 'short', extra: 1 };
    const response = await callerOf(app)('setUp', { body });
    expect(response.status).toBe(400);
    expect(response.body.error.details).toEqual([
      { name: 'body.name', expected: 'length of at least 1', received: '""' },
      { name: 'body.email', expected: 'text of the form email', received: '"nobody"' },
      { name: 'body.password', expected: 'at least 10 characters', received: 'text of 5 characters' },
      { name: 'body.extra', expected: 'no such field', received: 'one' },
    ]);
    expect(response.text).not.toContain('short');
  });

  test('must be JSON, at most 1 MB and 64 levels deep, without keys that reach a prototype', async () => {
    const { app } = await testApp();
    const post = (type: string, body: string) =>
      supertest(app).post('/api/v1/session').set('content-type', type).send(body);
    expect((await post('text/plain', '{}')).status).toBe(415);
    expect((await post('application/x-www-form-urlencoded', 'email=a')).status).toBe(415);
    expect((await post('application/json; charset=latin1', '{}')).status).toBe(415);
    const broken = await post('application/json', '{"password": "hunter2');
    expect([broken.status, broken.text.includes('hunter2')]).toEqual([400, false]);
    expect((await post('application/json', `{"email": "${'x'.repeat(1_000_001)}"}`)).status).toBe(413);
    expect((await post('application/json', '{"__proto__": {"admin": true}}')).body.error.details[0].name).toBe(
      'body.__proto__',
    );
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await post('application/json', deep)).body.error.message).toContain('at most 64 levels');
    expect((await post('application/json', '{"email":"a\\u0000@b.c"}')).status).toBe(400);
    expect((await post('application/json', 'null')).status).toBe(400);
  });

  test('of a graph may be 8 MB', async () => {
    const world = await testApp();
    const { call } = await setUpOwner(world);
    const padded = (length: number) => ({ name: 'Long', graph: { ...sayGraph(), padding: 'x'.repeat(length) } });
    expect((await call('createWorkflow', { body: padded(4_000_000) })).status).toBe(422);
    expect((await call('createWorkflow', { body: padded(8_000_000) })).status).toBe(413);
  });
});

test('an unforeseen error is logged whole and told to nobody', async () => {
  const world = await testApp({
    catalogue: {
      describe: () => undefined,
      versionsOf: () => [],
      packageFor: () => undefined,
      upgrade: ({ version, params }) => ({ version, params }),
      packages: () => [],
      list: () => {
        throw new Error('secret path /srv/x');
      },
    },
  });
  const { call } = await setUpOwner(world);
  const response = await call('listNodeTypes');
  expect([response.status, response.body.error.code]).toEqual([500, 'internal']);
  expect(response.text).not.toContain('/srv/x');
  const logged = world.logLines.find((line) => line.includes('secret path /srv/x'));
  expect(logged).toContain(response.body.error.requestId);
});

test('a full disk is told as such, however deep it is wrapped', async () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const world = await testApp({
    fileStore: () =>
      ({
        put: async () => {
          throw new Error('could not store', { cause: full });
        },
      }) as never,
  });
  const { call } = await setUpOwner(world);
  const response = await call('uploadFile', { query: { name: 'a.png' }, body: Buffer.from('x') });
  expect([response.status, response.body.error.code]).toEqual([507, 'disk-full']);
});
