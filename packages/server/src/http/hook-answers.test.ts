import type { JsonObject } from '@imaginarium/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { send } from '../testing/send.ts';
import { type AppChanges, closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';
import { triggerGraph } from '../testing/test-triggers.ts';
import { JSON_TYPE } from './testing/hook-world.ts';

afterEach(closeTestApps);

describe('answers of webhooks', () => {
  async function world(changes: AppChanges = {}, params: JsonObject = {}) {
    const app = await testApp(changes);
    const { call } = await setUpOwner(app);
    const { id } = (
      await call('createWorkflow', { body: { name: 'Hooked', graph: triggerGraph({ hook: ['test.hook', params] }) } })
    ).body;
    await call('createVersion', { params: { id }, body: {} });
    const { triggers } = (await call('activate', { params: { id }, body: { version: 1 } })).body;
    const path = triggers[0].path as string;
    const post = (headers: Record<string, string> = JSON_TYPE, at = path, body = '{"a":1}') =>
      send(app.app, { method: 'POST', path: at, headers, body });
    return { ...app, call, path, post };
  }

  test('tell the run at once where the server stops, which may not see its end', async () => {
    const { post } = await world({ isDraining: () => true }, { respond: 'end', waitSeconds: 60 });
    const { status, body } = await post();
    expect([status, body]).toEqual([202, { runId: expect.any(String) }]);
  });

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
