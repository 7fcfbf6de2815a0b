import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';
import { modelBytes, modelEntry, testKit, testModels } from '../testing/test-models.ts';

afterEach(closeTestApps);

async function world() {
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const entries = [
    modelEntry(modelBytes()),
    modelEntry(modelBytes(9), { name: 'hidden', file: 'hidden.onnx', commercial: false }),
  ];
  const app = await testApp({ models: testModels(testKit(entries), { folder }) });
  return { ...app, ...(await setUpOwner(app)) };
}

test('models are listed, imported, verified, measured and removed by the owner of the server', async () => {
  const { call } = await world();
  expect((await call('listModels')).body).toMatchObject({
    mayChange: true,
    models: [{ entry: { name: 'tiny' }, state: 'missing' }, { entry: { name: 'hidden' } }],
  });
  const added = await call('importModel', { query: { name: 'any.onnx' }, body: modelBytes() });
  expect([added.status, added.body.state]).toEqual([201, 'installed']);
  expect((await call('verifyModel', { params: { name: 'tiny' } })).body.state).toBe('installed');
  expect((await call('measureModel', { params: { name: 'tiny' } })).body.speed.msPerMegapixel).toBe(1234);
  expect((await call('removeModel', { params: { name: 'tiny' } })).status).toBe(204);
  expect((await call('listModels')).body.models[0].state).toBe('missing');
});

test('a model that is here and was not measured is measured once somebody looks', async () => {
  const bytes = modelBytes();
  const folder = await mkdtemp(join(tmpdir(), 'imaginarium-models-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'tiny.onnx'), bytes);
  const { app } = await testApp({ models: testModels(testKit([modelEntry(bytes)]), { folder }) });
  const { call } = await setUpOwner({ app });
  const speed = async () => (await call('listModels')).body.models[0].speed;
  expect(await speed()).toBeNull();
  await expect.poll(speed).toMatchObject({ msPerMegapixel: 1234 });
});

test('refusals have codes and words of their own', async () => {
  const { call } = await world();
  const refused = async (...args: Parameters<typeof call>) => (await call(...args)).body.error;
  const pull = (name: string) => refused('pullModel', { params: { name }, body: {} });
  expect(await pull('nothing')).toMatchObject({ code: 'not-found' });
  expect(await pull('tiny')).toMatchObject({ code: 'bad-request', message: expect.stringContaining('Nobody hosts') });
  expect(await refused('pullModel', { params: { name: '../../etc' }, body: {} })).toMatchObject({
    code: 'bad-request',
  });
  expect(await refused('importModel', { query: { name: 'x.onnx' }, body: Buffer.from('no') })).toMatchObject({
    code: 'model-refused',
    message: 'x.onnx cannot be used. It is no model.',
  });
  const hidden = { query: { name: 'h.onnx' }, body: modelBytes(9) };
  expect(await refused('importModel', hidden)).toMatchObject({ code: 'licence-not-accepted' });
  const accepted = await call('importModel', { ...hidden, query: { name: 'h.onnx', acceptLicence: 'true' } });
  expect(accepted.body.accepted).toMatchObject({ by: 'Ada' });
});

test('owners of other workspaces see models and change none', async () => {
  const app = await world();
  const stranger = await strangerOf(app);
  expect((await stranger.call('listModels')).body).toMatchObject({ mayChange: false });
  const params = { name: 'tiny' };
  for (const route of ['cancelModelPull', 'verifyModel', 'measureModel', 'removeModel'] as const)
    expect((await stranger.call(route, { params })).body.error.code).toBe('not-allowed');
  expect((await stranger.call('pullModel', { params, body: {} })).body.error.code).toBe('not-allowed');
  const bytes = { query: { name: 'x.onnx' }, body: modelBytes() };
  expect((await stranger.call('importModel', bytes)).body.error.code).toBe('not-allowed');
  const editor = await strangerOf(app, 'editor');
  expect((await editor.call('pullModel', { params, body: {} })).body.error.code).toBe('not-allowed');
});
