import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { send } from '../testing/send.ts';
import { type AppChanges, closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { triggerGraph } from '../testing/test-triggers.ts';

afterEach(closeTestApps);

const JSON_TYPE = { 'content-type': 'application/json' };

describe.each(scratchKinds(inject('postgresUrl')))('webhooks on $name', (kind) => {
  async function world(params: JsonObject = {}, changes: AppChanges = {}) {
    const app = await testApp(changes, kind);
    const { call } = await setUpOwner(app);
    const graph = triggerGraph({ hook: ['test.hook', params], other: ['test.hook'] });
    const { id } = (await call('createWorkflow', { body: { name: 'Hooked', graph } })).body;
    await call('createVersion', { params: { id }, body: {} });
    const activated = await call('activate', { params: { id }, body: { version: 1 } });
    expect([activated.status, activated.body.triggers?.length]).toEqual([200, 2]);
    const { path, secret } = activated.body.triggers[0] as { path: string; secret: string | null };
    const hook = (body: string | Buffer = '{}', headers: Record<string, string> = JSON_TYPE, method = 'POST') =>
      send(app.app, { method, path, headers, body });
    const runs = async () =>
      (await call('listRuns')).body.runs as { id: string; inputs: JsonObject; trigger: string }[];
    return { ...app, call, id, path, secret, hook, runs };
  }

  test('start a run with what they bring, in the name of the workflow, without a session', async () => {
    const { path, call, app, runs } = await world();
    expect(path).toMatch(/^\/hooks\/[\w-]{43}$/);
    const body = JSON.stringify({ product: '{{ run.id }}', nested: [1, { a: null }] });
    const headers = { ...JSON_TYPE, authorization: 'Bearer mine', cookie: 'a=b', 'x-shop': 'mugs' };
    const answer = await send(app, { method: 'POST', path: `${path}?a=1&a=2&b=3`, headers, body });
    expect([answer.status, answer.body]).toEqual([202, { runId: expect.any(String) }]);
    expect(answer.headers['content-security-policy']).toBe("sandbox; default-src 'none'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['set-cookie']).toBeUndefined();
    const [run] = await runs();
    expect(run).toMatchObject({ id: answer.body.runId, trigger: 'webhook', version: 1, workflowName: 'Hooked' });
    const trigger = run?.inputs.trigger as JsonObject;
    expect(trigger).toMatchObject({ method: 'POST', query: { a: ['1', '2'], b: '3' }, body: JSON.parse(body) });
    expect(trigger.headers).toMatchObject({ 'x-shop': 'mugs' });
    expect(JSON.stringify(trigger.headers)).not.toMatch(/authorization|cookie/);
    const { graph } = (await call('getRun', { params: { id: answer.body.runId } })).body;
    expect(graph.nodes.map((node: { disabled?: boolean }) => node.disabled)).toEqual([undefined, true]);
  });

  test('take forms and text as data, and refuse what cannot be data', async () => {
    const { hook, runs } = await world();
    const form = await hook('name=Ada&tag=a&tag=b', { 'content-type': 'application/x-www-form-urlencoded' });
    const text = await hook('plain {{ words }}', { 'content-type': 'text/plain' });
    const empty = await hook('', {});
    expect([form.status, text.status, empty.status]).toEqual([202, 202, 202]);
    const bodies = (await runs()).map(({ inputs }) => (inputs.trigger as JsonObject).body);
    expect(bodies.toReversed()).toEqual([{ name: 'Ada', tag: ['a', 'b'] }, 'plain {{ words }}', null]);
    const refused: [string | Buffer, number][] = [
      ['{"half":', 400],
      ['{"__proto__": {"admin": true}}', 400],
      [`${'['.repeat(100)}${']'.repeat(100)}`, 400],
      ['"a\\u0000b"', 400],
      [Buffer.from([0xff, 0xfe, 0x00]), 415],
      [JSON.stringify('x'.repeat(1_100_000)), 413],
    ];
    for (const [body, status] of refused) expect((await hook(body)).status).toBe(status);
    expect((await hook(gzipSync('{}'), { ...JSON_TYPE, 'content-encoding': 'gzip' })).status).toBe(415);
    expect(await runs()).toHaveLength(3);
  });

  test('are found by their exact path and method only', async () => {
    const { app, path, hook, runs } = await world({ method: 'PUT' });
    const wrong = await hook('{}', JSON_TYPE, 'POST');
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'PUT']);
    const flipped = path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const other of [
      `${path}/`,
      `${path}/x`,
      path.toUpperCase(),
      flipped,
      '/hooks',
      '/hooks/',
      '/hooks/%',
      '/hooks/x',
    ]) {
      const { status, body } = await send(app, { method: 'PUT', path: other, headers: JSON_TYPE, body: '{}' });
      expect([other, status, body.error.message.includes(path)]).toEqual([
        other,
        other === '/hooks/%' ? 400 : 404,
        false,
      ]);
    }
    expect(await runs()).toEqual([]);
    expect((await hook('{}', JSON_TYPE, 'PUT')).status).toBe(202);
  });

  test('start the version that is active now, and nothing once the workflow is gone', async () => {
    const { call, id, hook, runs } = await world();
    expect((await hook()).status).toBe(202);
    expect((await call('createVersion', { params: { id }, body: {} })).status).toBe(201);
    await call('activate', { params: { id }, body: { version: 2 } });
    await call('renameWorkflow', { params: { id }, body: { name: 'Renamed' } });
    expect((await hook()).status).toBe(202);
    expect(await runs()).toMatchObject([
      { version: 2, workflowName: 'Renamed' },
      { version: 1, workflowName: 'Hooked' },
    ]);
    await call('deleteWorkflow', { params: { id } });
    expect((await hook()).status).toBe(404);
  });

  test('start one run for a delivery, however often and wherever it comes in at once', async () => {
    const { hook, runs } = await world();
    const again = () => hook(JSON.stringify({ at: Math.random() }), { ...JSON_TYPE, 'webhook-id': 'order-1' });
    const answers = await Promise.all(Array.from({ length: 20 }, again));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.runId)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.repeated)).toHaveLength(1);
    await hook('{}', { ...JSON_TYPE, 'webhook-id': 'order-2' });
    expect(await runs()).toHaveLength(2);
  });

  test('that ask for signatures refuse all that is not signed, was changed, is old, or came before', async () => {
    const { hook, runs, secret } = await world({ signed: true });
    const key = Buffer.from((secret ?? '').replace('whsec_', ''), 'base64');
    const seconds = () => Math.floor(Date.now() / 1000);
    type Changes = { id?: string; at?: number; by?: Buffer; secondId?: string };
    const signed = (body: string, { id = 'msg_1', at = seconds(), by = key, secondId = id }: Changes = {}) => ({
      ...{ ...JSON_TYPE, 'webhook-id': secondId, 'webhook-timestamp': String(at) },
      'webhook-signature': `v1,${createHmac('sha256', by).update(`${id}.${at}.${body}`).digest('base64')}`,
    });
    expect(key).toHaveLength(32);
    const refused: [string, Record<string, string>][] = [
      ['{}', JSON_TYPE],
      ['{"a":1}', signed('{"a":2}')],
      ['{ }', signed('{}')],
      ['{}', signed('{}', { by: Buffer.alloc(32) })],
      ['{}', signed('{}', { at: seconds() - 330 })],
      ['{}', signed('{}', { at: seconds() + 330 })],
      ['{}', signed('{}', { secondId: 'msg_2' })],
      ['{}', { ...signed('{}'), 'webhook-timestamp': 'soon' }],
      ['{}', { ...signed('{}'), 'webhook-signature': 'v1,' }],
    ];
    for (const [body, headers] of refused) {
      const answer = await hook(body, headers);
      expect([answer.status, answer.body.error.code]).toEqual([401, 'wrong-signature']);
    }
    const good = signed('{"a":1}');
    expect((await hook('{"a":1}', good)).body.repeated).toBeUndefined();
    const replayed = await Promise.all([1, 2, 3].map(() => hook('{"a":1}', good)));
    expect(replayed.map(({ body }) => body.repeated)).toEqual([true, true, true]);
    const rotated = { ...signed('{}', { id: 'msg_9' }) };
    rotated['webhook-signature'] = `v1,AAAA ${rotated['webhook-signature']}`;
    expect((await hook('{}', rotated)).status).toBe(202);
    expect(await runs()).toHaveLength(2);
  });

  test('stop hearing an address that is refused again and again, and only that', async () => {
    const { hook, app } = await world();
    for (let count = 0; count < 100; count += 1) await send(app, { method: 'POST', path: '/hooks/guess' });
    const answer = await hook();
    expect([answer.status, Number(answer.headers['retry-after']) <= 60]).toEqual([429, true]);
  });

  test('go on hearing a sender who knows the address, however often a run of theirs is refused', async () => {
    const { hook, app } = await world({}, { limits: { hourlyItems: { 'test.hook': 1 } } });
    expect((await hook()).status).toBe(202);
    const refused = await Promise.all(Array.from({ length: 101 }, () => hook()));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([429]));
    // Which is about what a person may run in an hour; the address itself is heard.
    expect((await send(app, { method: 'POST', path: '/hooks/guess' })).status).toBe(404);
  });

  test('belong to one version: the next keeps their paths, none listens after it', async () => {
    const { call, id, hook, path, runs, logLines } = await world();
    await call('createVersion', { params: { id }, body: {} });
    const [first, second] = await Promise.all(
      [1, 2].map((version) => call('activate', { params: { id }, body: { version } })),
    );
    expect([first?.status, second?.status]).toEqual([200, 200]);
    const { activation } = (await call('getActivation', { params: { id } })).body;
    expect(activation.triggers.map((trigger: { node: string }) => trigger.node)).toEqual(['hook', 'other']);
    expect(activation.triggers[0].path).toBe(path);
    expect((await hook()).status).toBe(202);
    expect(await runs()).toMatchObject([{ version: activation.version }]);
    expect((await call('deactivate', { params: { id } })).status).toBe(204);
    expect((await call('getActivation', { params: { id } })).body).toEqual({ activation: null });
    expect((await hook()).status).toBe(404);
    await call('activate', { params: { id }, body: { version: 1 } });
    await call('deleteWorkflow', { params: { id } });
    expect((await hook()).status).toBe(404);
    expect(logLines.join('')).not.toContain(path);
  });

  test('try the draft out at a path of their own, which ends', async () => {
    const { call, id, app, path, runs, database } = await world();
    const first = (await call('openTestHook', { params: { id }, body: { node: 'hook' } })).body;
    const { body: opened, status } = await call('openTestHook', { params: { id }, body: { node: 'hook' } });
    expect([status, opened.path === path, opened.path === first.path]).toEqual([201, false, false]);
    const tryOut = (at: string) => send(app, { method: 'POST', path: at, headers: JSON_TYPE, body: '{"a":1}' });
    expect([(await tryOut(first.path)).status, (await tryOut(opened.path)).status]).toEqual([404, 202]);
    expect(await runs()).toMatchObject([{ version: null, trigger: 'webhook' }]);
    await database.write(
      ({ sql }) => sql`UPDATE workflow_trigger SET expires_at = '2026-01-01T00:00:00.000Z' WHERE version IS NULL`,
    );
    expect((await tryOut(opened.path)).status).toBe(404);
    expect((await tryOut(path)).status).toBe(202);
    const unknown = await call('openTestHook', { params: { id }, body: { node: 'nobody' } });
    expect([unknown.status, unknown.body.error.message]).toEqual([400, expect.stringContaining('"nobody"')]);
  });

  test('are nothing to another workspace', async () => {
    const app = await world();
    const { call } = await strangerOf(app);
    for (const name of ['getActivation', 'deactivate'] as const)
      expect((await call(name, { params: { id: app.id } })).status).toBe(404);
    expect((await call('activate', { params: { id: app.id }, body: { version: 1 } })).status).toBe(404);
    expect((await call('openTestHook', { params: { id: app.id }, body: { node: 'hook' } })).status).toBe(404);
    expect((await app.hook()).status).toBe(202);
  });

  test('wait for the end only as long as they may, then give the id', async () => {
    const { hook } = await world({ respond: 'end', waitSeconds: 1 });
    const began = Date.now();
    const answer = await hook();
    expect([answer.status, answer.body]).toEqual([202, { runId: expect.any(String) }]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
  });
});

describe('answers of webhooks', () => {
  async function world(changes: AppChanges = {}) {
    const app = await testApp(changes);
    const { call } = await setUpOwner(app);
    const { id } = (
      await call('createWorkflow', { body: { name: 'Hooked', graph: triggerGraph({ hook: ['test.hook'] }) } })
    ).body;
    await call('createVersion', { params: { id }, body: {} });
    const { triggers } = (await call('activate', { params: { id }, body: { version: 1 } })).body;
    const path = triggers[0].path as string;
    const post = (headers: Record<string, string> = JSON_TYPE, at = path, body = '{"a":1}') =>
      send(app.app, { method: 'POST', path: at, headers, body });
    return { ...app, call, path, post };
  }

  test('have the headers, the id, the log line and the time of any other answer', async () => {
    let draining = false;
    const { post, path, app, logLines } = await world({ isDraining: () => draining });
    const other = await send(app, { method: 'GET', path: '/healthz' });
    const taken = await post({ ...JSON_TYPE, 'x-request-id': 'proxy-1' });
    const unsafe = new Set(['content-security-policy', 'content-length', 'date', 'etag', 'x-request-id']);
    const common = (headers: object) => Object.entries(headers).filter(([name]) => !unsafe.has(name));
    expect(common(taken.headers)).toEqual(expect.arrayContaining(common(other.headers)));
    expect(taken.headers['x-request-id']).toBe('proxy-1');
    expect(taken.headers['cache-control']).toBe('no-store');
    const refused = await post(JSON_TYPE, '/hooks/unknown');
    expect(refused.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(refused.headers['content-security-policy']).toBe("sandbox; default-src 'none'");
    expect(refused.body.error).toMatchObject({ code: 'not-found', requestId: refused.headers['x-request-id'] });
    draining = true;
    expect((await post()).headers.connection).toBe('close');
    expect(logLines.join('')).toContain('"path":"/hooks/[secret]"');
    expect(logLines.join('')).not.toContain(path);
    const { text } = await send(app, { method: 'GET', path: '/metrics' });
    const counted = /duration_seconds_count\{route="webhook",method="POST",status="(\d+)"\} (\d)/g;
    expect([...text.matchAll(counted)].map(([, status, count]) => [status, count])).toEqual([
      ['202', '2'],
      ['404', '1'],
    ]);
  });

  test('come for whole addresses too, and to HEAD without a body', async () => {
    const { post, path, app } = await world();
    expect((await post(JSON_TYPE, `http://shop.example${path}?a=1`)).status).toBe(202);
    expect((await post(JSON_TYPE, '/hooksmith')).body.error.message).not.toContain('webhook');
    const head = await send(app, { method: 'HEAD', path });
    expect([head.status, head.headers.allow, head.text]).toEqual([405, 'POST', '']);
  });

  test('tell kinds of JSON from text by the type, whatever stands beside it', async () => {
    const { post, call } = await world();
    const types = [
      'Application/JSON; charset=utf-8',
      'application/vnd.api+json',
      'text/json',
      'application/json+x',
      '',
    ];
    for (const type of types) expect((await post({ 'content-type': type })).status).toBe(202);
    const { runs } = (await call('listRuns')).body as { runs: { inputs: { trigger: { body: unknown } } }[] };
    const data = { a: 1 };
    const text = '{"a":1}';
    expect(runs.map(({ inputs }) => inputs.trigger.body).reverse()).toEqual([data, data, text, text, text]);
  });

  test('count refusals by the address that a trusted proxy tells', async () => {
    const { post } = await world({ config: { publicUrl: 'https://shop.example' } });
    const from = (address: string, at?: string) => post({ ...JSON_TYPE, 'x-forwarded-for': address }, at);
    for (let count = 0; count < 100; count += 1) await from('203.0.113.7', '/hooks/guess');
    const refused = await from('203.0.113.7');
    expect([refused.status, Number(refused.headers['retry-after']) <= 60]).toEqual([429, true]);
    expect((await from('203.0.113.8')).status).toBe(202);
    // What stands before the address that the proxy saw is anybody's word.
    expect((await from('203.0.113.8, 203.0.113.7')).status).toBe(429);
  });
});

test('a version that cannot listen says why, and the one before goes on listening', async () => {
  const app = await testApp();
  const { call } = await setUpOwner(app);
  const activate = async (graph: object) => {
    const { id } = (await call('createWorkflow', { body: { name: 'Odd', graph } })).body;
    await call('createVersion', { params: { id }, body: {} });
    const { status, body } = await call('activate', { params: { id }, body: { version: 1 } });
    return [status, body.error?.message];
  };
  const clock = (params: JsonObject) => activate(triggerGraph({ clock: ['test.clock', params] }));
  expect(await activate(triggerGraph({ say: ['test.say', { text: 'a' }] }))).toEqual([
    422,
    expect.stringContaining('Add a Webhook, a Schedule or Workflow failed'),
  ]);
  expect(await clock({ cron: 'often' })).toEqual([422, expect.stringMatching(/clock, Times: expected cron .*"often"/)]);
  expect(await clock({ cron: '*/5 * * * * *' })).toEqual([422, expect.stringContaining('at least 10 seconds apart')]);
  expect(await clock({ cron: '0 0 30 2 *' })).toEqual([422, expect.stringContaining('never comes')]);
  expect(await clock({ timeZone: 'Mars/Base' })).toEqual([422, expect.stringContaining('received "Mars/Base"')]);
  expect(await clock({ cron: '{{ vars.cron }}' })).toEqual([422, expect.stringContaining('an expression')]);
  expect(await clock({ cron: '*/10 * * * * *' })).toEqual([200, undefined]);
  expect(
    (await call('activate', { params: { id: '0193f000-0000-7000-8000-000000000001' }, body: { version: 1 } })).status,
  ).toBe(404);
});
