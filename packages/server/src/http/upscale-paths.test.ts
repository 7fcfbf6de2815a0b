import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRefusedError } from '@imaginarium/engine';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { DiskFileStore } from '../adapters/disk/disk-file-store.ts';
import { LegacyFolders } from '../adapters/disk/legacy-folders.ts';
import { SqlInPlaceRecord } from '../adapters/typeorm/assets/files-in-place.ts';
import { closeTestApps, testApp } from '../testing/test-app.ts';
import { upscaleWorld } from './testing/upscale-world.ts';

afterEach(closeTestApps);

describe('a path', () => {
  test('names a picture that is read where it lies; a batch goes on without those that cannot be read', async () => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'imaginarium-shop-')));
    await writeFile(join(folder, 'ada.png'), samplePng(4, 4));
    await writeFile(join(folder, 'corrupt.png'), samplePng(4, 4).subarray(0, 20));
    const inspectPicture = async (path: string, name: string) => {
      if ((await readFile(path)).length > 20) return { width: 4, height: 4 };
      throw new FileRefusedError('broken', `${name} cannot be read as a picture.`);
    };
    const app = await testApp();
    const record = new SqlInPlaceRecord(app.database);
    const legacyFolders = new LegacyFolders({ folders: [folder], record, inspectPicture, maxBytes: 1000 });
    const store = new DiskFileStore({
      root: join(folder, '.files'),
      inspectPicture,
      maxBytes: 1000,
      inPlace: legacyFolders,
    });
    const { upscale, batch } = await upscaleWorld({ legacyFolders, fileStore: () => store });
    const one = await upscale({ sourcePath: join(folder, 'ada.png'), tier: 'free', sourceApp: 'shop', sourceId: '1' });
    expect([one.status, one.body.asset.name, one.body.asset.sourceId]).toEqual([202, 'ada.png', '1']);
    const items = ['ada.png', 'corrupt.png', '../ada.png'].map((name) => ({ sourcePath: `${folder}/${name}` }));
    const { body } = await batch({ items, tier: 'free' });
    expect(body.items.map(({ error }: { error: { code: string } | null }) => error?.code)).toEqual([
      ...[undefined, 'bad-file', 'not-allowed'],
    ]);
    const again = { assetId: one.body.asset.id, tier: 'free' };
    expect((await upscale(again)).status).toBe(202);
    await writeFile(join(folder, 'ada.png'), samplePng(5, 5));
    const changed = await upscale(again);
    expect([changed.status, changed.body.error.message]).toEqual([
      404,
      'ada.png is read where it lies, and was changed, moved or removed there since it was registered. Name its path again to register it as it is now.',
    ]);
    const anew = await upscale({ sourcePath: join(folder, 'ada.png'), tier: 'free', sourceApp: 'shop', sourceId: '1' });
    expect(anew.body).toMatchObject({ asset: { id: one.body.asset.id }, version: { number: 3 } });
    expect(anew.body.asset.original.id).not.toBe(one.body.asset.original.id);
    await rm(folder, { recursive: true });
  });

  test('names nothing where the server reads no files in place', async () => {
    const { upscale } = await upscaleWorld();
    const { status, body } = await upscale({ sourcePath: '/srv/shop/ada.png', tier: 'free' });
    expect([status, body.error.code]).toEqual([403, 'not-allowed']);
    expect(body.error.message).toContain('IMAGINARIUM_LEGACY_FOLDERS');
  });
});
