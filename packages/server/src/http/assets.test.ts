import { MemoryFileStore } from '@imaginarium/engine';
import { afterEach, expect, test } from 'vitest';
import { closeTestApps, setUpOwner, testApp } from '../testing/test-app.ts';

afterEach(closeTestApps);

/** Takes everything for a picture whose name ends like one. */
class NamedFileStore extends MemoryFileStore {
  override put(source: AsyncIterable<Uint8Array>, { name }: { name: string }) {
    return super.put(source, { name, mime: name.endsWith('.png') ? 'image/png' : 'application/pdf' });
  }
}

async function world() {
  const files = new NamedFileStore();
  const app = await testApp({ fileStore: () => files });
  const { call } = await setUpOwner(app);
  const upload = async (name: string) => (await call('uploadFile', { query: { name }, body: Buffer.from(name) })).body;
  return { call, upload };
}

test('an upload becomes an asset that is found, renamed and deleted', async () => {
  const { call, upload } = await world();
  const { createdAt, ...original } = await upload('beach.png');
  expect(createdAt).toEqual(expect.any(String));
  const made = await call('registerAsset', { body: { fileId: original.id, sourceApp: 'shop', sourceId: '7' } });
  expect([made.status, made.headers.location]).toEqual([201, `/api/v1/assets/${made.body.id}`]);
  expect(made.body).toMatchObject({ name: 'beach.png', original, sourceId: '7' });
  const params = { id: made.body.id };
  expect((await call('renameAsset', { params, body: { name: ' The beach ' } })).body.name).toBe('The beach');
  const listed = (await call('listAssets', { query: { q: 'BEACH', sourceApp: 'shop', sourceId: '7' } })).body;
  expect(listed).toMatchObject({ assets: [{ id: params.id, versionCount: 0, newestVersion: null }], nextCursor: null });
  expect((await call('deleteAsset', { params })).status).toBe(204);
  for (const name of ['getAsset', 'deleteAsset'] as const)
    expect((await call(name, { params })).body.error.code).toBe('not-found');
});

test('what is no picture, or no file, or half a source, becomes no asset, and the answer says why', async () => {
  const { call, upload } = await world();
  const pdf = await upload('letter.pdf');
  const refused = async (body: object) => {
    const { status, body: answer } = await call('registerAsset', { body });
    return [status, answer.error.code, answer.error.message];
  };
  expect(await refused({ fileId: pdf.id })).toEqual([
    ...[422, 'bad-file', 'letter.pdf: expected a picture, received application/pdf. Assets are pictures.'],
  ]);
  expect((await refused({ fileId: 'a'.repeat(64) }))[1]).toBe('not-found');
  const half = await refused({ fileId: pdf.id, sourceId: '7' });
  expect([half[0], half[2]]).toEqual([
    400,
    'body.sourceApp: expected the application that sourceId is an id of, received nothing',
  ]);
  expect((await call('listAssets', { query: { cursor: 'x' } })).body.error.code).toBe('bad-request');
});
