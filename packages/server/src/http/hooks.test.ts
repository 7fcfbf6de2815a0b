import { gzipSync } from 'node:zlib';
import type { JsonObject } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { send } from '../testing/send.ts';
import { type AppChanges, closeTestApps } from '../testing/test-app.ts';
import { hookWorld, JSON_TYPE } from './testing/hook-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('webhooks on $name', (kind) => {
  const world = (params: JsonObject = {}, changes: AppChanges = {}) => hookWorld(kind, params, changes);

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

  test('wait for the end only as long as they may, then give the id', async () => {
    const { hook } = await world({ respond: 'end', waitSeconds: 1 });
    const began = Date.now();
    const answer = await hook();
    expect([answer.status, answer.body]).toEqual([202, { runId: expect.any(String) }]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
  });
});
