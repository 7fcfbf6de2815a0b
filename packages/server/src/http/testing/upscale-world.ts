import { MemoryFileStore } from '@imaginarium/engine';
import { type AppChanges, setUpOwner, testApp } from '../../testing/test-app.ts';

/** Takes everything for a picture. */
class PictureStore extends MemoryFileStore {
  override put(source: AsyncIterable<Uint8Array>, { name }: { name: string }) {
    return super.put(source, { name, mime: 'image/png' });
  }
}

/** An app whose owner uploads pictures and has them upscaled. */
export async function upscaleWorld(changes: AppChanges = {}) {
  const files = new PictureStore();
  const app = await testApp({ fileStore: () => files, ...changes });
  const { call } = await setUpOwner(app);
  const upload = async (name: string): Promise<string> =>
    (await call('uploadFile', { query: { name: `${name}.png` }, body: Buffer.from(name) })).body.id;
  const upscale = (body: object, key?: string) =>
    call('startUpscale', { body, headers: key === undefined ? {} : { 'idempotency-key': key } });
  const batch = (body: object, key?: string) =>
    call('startUpscaleBatch', { body, headers: key === undefined ? {} : { 'idempotency-key': key } });
  const countAssets = async () => (await call('listAssets')).body.assets.length;
  return { ...app, call, upload, upscale, batch, countAssets };
}
