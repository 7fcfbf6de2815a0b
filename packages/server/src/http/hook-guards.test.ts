import { createHmac } from 'node:crypto';
import type { JsonObject } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { send } from '../testing/send.ts';
import { type AppChanges, closeTestApps, strangerOf } from '../testing/test-app.ts';
import { hookWorld, JSON_TYPE } from './testing/hook-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('what webhooks refuse, on $name', (kind) => {
  const world = (params: JsonObject = {}, changes: AppChanges = {}) => hookWorld(kind, params, changes);

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

  test('are nothing to another workspace', async () => {
    const app = await world();
    const { call } = await strangerOf(app);
    for (const name of ['getActivation', 'deactivate'] as const)
      expect((await call(name, { params: { id: app.id } })).status).toBe(404);
    expect((await call('activate', { params: { id: app.id }, body: { version: 1 } })).status).toBe(404);
    expect((await call('openTestHook', { params: { id: app.id }, body: { node: 'hook' } })).status).toBe(404);
    expect((await app.hook()).status).toBe(202);
  });
});
