import type { JsonObject } from '@imaginarium/protocol';
import { expect } from 'vitest';
import type { ScratchKind } from '../../adapters/typeorm/testing/scratch-databases.ts';
import { send } from '../../testing/send.ts';
import { type AppChanges, setUpOwner, testApp } from '../../testing/test-app.ts';
import { triggerGraph } from '../../testing/test-triggers.ts';

export const JSON_TYPE = { 'content-type': 'application/json' };

/** An app with a workflow that listens at two webhooks, the first as `params` say. */
export async function hookWorld(kind: ScratchKind, params: JsonObject = {}, changes: AppChanges = {}) {
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
  const runs = async () => (await call('listRuns')).body.runs as { id: string; inputs: JsonObject; trigger: string }[];
  return { ...app, call, id, path, secret, hook, runs };
}
