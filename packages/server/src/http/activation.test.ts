import type { JsonObject } from '@imaginarium/protocol';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { scratchKinds } from '../adapters/typeorm/testing/scratch-databases.ts';
import { send } from '../testing/send.ts';
import { type AppChanges, closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';
import { triggerGraph } from '../testing/test-triggers.ts';
import { hookWorld, JSON_TYPE } from './testing/hook-world.ts';

afterEach(closeTestApps);

describe.each(scratchKinds(inject('postgresUrl')))('webhooks on $name', (kind) => {
  const world = (params: JsonObject = {}, changes: AppChanges = {}) => hookWorld(kind, params, changes);

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
