import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskHost } from '@imaginarium/engine';
import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestCode, TestFiles, TestHttp } from '@imaginarium/node-sdk/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { leftOut } from '../../../../../tests/services/left-out.ts';
import { SmallDisk } from '../../durability/testing/small-disk.ts';
import { MediaPool } from './media-pool.ts';

const upscaler = fileURLToPath(new URL('../../../../nodes-upscaler', import.meta.url));
const pool = new MediaPool({
  packages: [{ folder: upscaler, entry: './src/index.ts' }],
  ...{ cacheFolder: tmpdir(), memoryMb: 2000, concurrency: 1, pixelLimit: 1e8 },
});
afterAll(() => pool.close());

/** Files whose work folder lies on a disk of its own. */
class FilesOn extends TestFiles {
  readonly #folder: string;

  constructor(folder: string) {
    super();
    this.#folder = folder;
  }

  override async lastingFolder(): Promise<string> {
    const folder = join(this.#folder, 'work');
    await mkdir(folder, { recursive: true });
    return folder;
  }
}

async function upscale(files: TestFiles, onProgress: (share: number) => void): Promise<Uint8Array> {
  const image = await files.write(samplePng(110, 300), { name: 'photo.png', mime: 'image/png' });
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const host: TaskHost = { code: new TestCode(), http: new TestHttp(), files, log, progress: onProgress };
  const params = { model: 'auto', format: 'same', quality: 92, colours: 'srgb', metadata: 'strip', tooLarge: 'refuse' };
  const task = {
    ...{ type: 'upscaler.professional', version: 1, input: { image }, items: {}, fields: {}, credentials: {} },
    ...{
      params: { ...params, matchColours: true, background: true },
      idempotencyKey: 'run:node:0',
      modelsFolder: '/none',
    },
  };
  const { outputs } = await pool.execute(task, host, new AbortController().signal);
  return readFile(await files.path(outputs.image?.[0]?.value as FileRef));
}

/** What the work files of the picture take, with a second one for the layers. */
const MEGABYTES = 18;
const disk = SmallDisk.open(MEGABYTES);
const noDisk = leftOut(disk, 'this user may not mount');
afterAll(() => disk?.[Symbol.dispose]());

describe.skipIf(noDisk)(`a disk of ${MEGABYTES} MB${noDisk}`, () => {
  it('that others fill up in the middle stops an upscale with its reason; with room again it goes on, to the very same picture', async () => {
    if (!disk) return;
    await using files = new FilesOn(disk.folder);
    await using others = new TestFiles();
    let whole = 0;
    const expected = await upscale(others, () => void whole++);
    const error = await upscale(files, (share) => {
      if (share > 0.3) disk.fill();
    }).catch((one: unknown) => one);
    // By this the engine knows what to tell.
    expect(error).toMatchObject({ code: 'ENOSPC' });
    disk.free();
    let again = 0;
    const result = await upscale(files, () => void again++);
    expect(Buffer.compare(result, expected)).toBe(0);
    expect(again).toBeLessThan(whole);
  }, 120_000);

  it('that is nearly full is refused before any work, with numbers', async () => {
    if (!disk) return;
    await using files = new FilesOn(join(disk.folder, 'other'));
    disk.fill();
    const shares: number[] = [];
    const error = await upscale(files, (share) => void shares.push(share)).catch((one: unknown) => one);
    expect((error as Error).message).toMatch(/photo\.png: work files of \d+ MB are needed, and 0 MB are free/);
    expect(Math.max(0, ...shares)).toBe(0);
    disk.free();
  });
});
