import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { NodeCrashError, type TaskHost } from '@imaginarium/engine';
import type { FileRef } from '@imaginarium/node-sdk';
import { samplePng, TestCode, TestFiles, TestHttp } from '@imaginarium/node-sdk/testing';
import { afterAll, expect, it } from 'vitest';
import { MediaPool } from './media-pool.ts';

/** How often the process is killed; more for a soak. */
const KILLS = Number(process.env.IMAGINARIUM_TEST_KILLS ?? 3);

const upscaler = fileURLToPath(new URL('../../../../nodes-upscaler', import.meta.url));
const pool = new MediaPool({
  packages: [{ folder: upscaler, entry: './src/index.ts' }],
  ...{ cacheFolder: tmpdir(), memoryMb: 2000, concurrency: 1, pixelLimit: 1e8 },
});
afterAll(() => pool.close());

/** Upscales 8x in a media process. @param onTile told after each tile. */
async function upscale(files: TestFiles, image: FileRef, onTile: () => void): Promise<Uint8Array> {
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const host: TaskHost = { code: new TestCode(), http: new TestHttp(), files, log, progress: onTile };
  const task = {
    ...{ type: 'upscaler.professional', version: 1, input: { image }, items: {}, fields: {}, credentials: {} },
    ...{ params: { model: 'auto', format: 'same', quality: 92 }, idempotencyKey: 'run:node:0', modelsFolder: '/none' },
  };
  const { outputs } = await pool.execute(task, host, new AbortController().signal);
  const [result] = outputs.image ?? [];
  return readFile(await files.path(result?.value as FileRef));
}

/** The media process is the only child of this one. */
function killMediaProcess(): void {
  const [child] = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'media-main'], { encoding: 'utf8' }).split(
    '\n',
  );
  process.kill(Number(child), 'SIGKILL');
}

it(`goes on with an upscale whose process was killed ${KILLS} times, to the very same picture`, async () => {
  const photo = (files: TestFiles) => files.write(samplePng(230, 210), { name: 'photo.png', mime: 'image/png' });
  await using files = new TestFiles();
  await using others = new TestFiles();
  const image = await photo(files);
  let kills = 0;
  let result: Uint8Array | undefined;
  while (!result) {
    let tiles = 0;
    const last = 1 + Math.floor(Math.random() * 3);
    result = await upscale(files, image, () => {
      if (++tiles !== last || kills >= KILLS) return;
      kills++;
      setTimeout(killMediaProcess, Math.random() * 150);
    }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(NodeCrashError);
      return undefined;
    });
  }
  expect(kills).toBe(KILLS);
  expect(Buffer.compare(result, await upscale(others, await photo(others), () => undefined))).toBe(0);
}, 600_000);
