import { MemoryFileStore } from '@imaginarium/engine';
import { afterEach, expect, test } from 'vitest';
import { closeTestApps, setUpOwner, strangerOf, testApp } from '../testing/test-app.ts';

afterEach(closeTestApps);

const tiled = { state: 'ready', width: 9000, height: 9000, tileSize: 512, overlap: 1, format: 'jpeg' } as const;

/** Believes that names ending in .png are pictures. */
class NamedFileStore extends MemoryFileStore {
  override put(source: AsyncIterable<Uint8Array>, { name }: { name: string }) {
    return super.put(source, { name, ...(name.endsWith('.png') ? { mime: 'image/png' } : {}) });
  }
}

async function world() {
  const files = new NamedFileStore();
  const app = await testApp({
    fileStore: () => files,
    deepZooms: {
      get: async () => tiled,
      // Any file that is there: what it holds does not matter here.
      tilePath: (_id, level, tile) => (tile === '3_5.jpeg' && level === 14 ? import.meta.filename : '/nonexistent'),
    },
  });
  const owner = await setUpOwner(app);
  const upload = async (name: string) => {
    const { body } = await owner.call('uploadFile', { query: { name }, body: Buffer.from(name) });
    return String(body.id);
  };
  return { ...app, ...owner, upload };
}

test('tiles are named as in the Deep Zoom format, and kept by browsers for ever', async () => {
  const { call, upload } = await world();
  const id = await upload('poster.png');
  expect((await call('getDeepZoom', { params: { id } })).body).toEqual(tiled);
  const tile = await call('getDeepZoomTile', { params: { id, level: 14, tile: '3_5.jpeg' } });
  expect([tile.status, tile.headers['content-type'], tile.headers['cache-control']]).toEqual([
    200,
    'image/jpeg',
    'private, max-age=31536000, immutable',
  ]);
  expect(tile.headers['content-security-policy']).toBe("sandbox; default-src 'none'");
  const again = { params: { id, level: 14, tile: '3_5.jpeg' }, headers: { 'if-none-match': tile.headers.etag ?? '' } };
  expect((await call('getDeepZoomTile', again)).status).toBe(304);
});

test('a tile that is not there is an answer that nobody keeps, and a name that leads elsewhere is none', async () => {
  const { call, upload } = await world();
  const id = await upload('poster.png');
  const missing = await call('getDeepZoomTile', { params: { id, level: 14, tile: '99_99.jpeg' } });
  expect([missing.status, missing.body.error.code, missing.headers['cache-control']]).toEqual([
    404,
    'not-found',
    undefined,
  ]);
  for (const tile of ['../kept.json', '..%2f..', '3_5.png', '3_5.jpeg.x'])
    expect((await call('getDeepZoomTile', { params: { id, level: 14, tile } })).status).toBe(400);
  expect((await call('getDeepZoom', { params: { id: await upload('notes.txt') } })).status).toBe(404);
});

test('another workspace finds neither tiles nor that there are any', async () => {
  const { upload, ...app } = await world();
  const id = await upload('poster.png');
  const { call } = await strangerOf(app);
  expect((await call('getDeepZoom', { params: { id } })).status).toBe(404);
  expect((await call('getDeepZoomTile', { params: { id, level: 14, tile: '3_5.jpeg' } })).status).toBe(404);
});
