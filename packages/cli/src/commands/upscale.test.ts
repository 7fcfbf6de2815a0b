import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplePng } from '@imaginarium/node-sdk/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { printed, runCli, startCli } from '../testing/run-cli.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-upscale-'));
  await writeFile(join(folder, 'broken.png'), samplePng(200, 200).subarray(0, 300));
  await writeFile(join(folder, 'large.png'), samplePng(500, 400));
  await writeFile(join(folder, 'first.png'), samplePng(40, 30));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The work that an upscale left unfinished in a folder, as far as rows were written. */
async function unfinished(out: string): Promise<string[]> {
  const names = await readdir(join(out, '.imaginarium', 'unfinished'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.rows'));
}

it('upscales a folder, stops when asked, and goes on from there', { timeout: 60_000 }, async () => {
  const out = join(folder, 'out');
  const args = ['upscale', folder, '--out', out];
  const env = { IMAGINARIUM_DATA_DIR: join(folder, 'data'), IMAGINARIUM_MEDIA_CONCURRENCY: '2' };
  const first = startCli(args, env);
  await printed(first, /✓ .*first\.png → .*first-4x\.png {2}160 x 120/, 30_000);
  for (let looks = 0; (await unfinished(out)).length === 0 && looks < 1500; looks++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  first.child.kill('SIGINT');
  expect(await first.ended).toBe(130);
  expect(first.output()).toMatch(/Upscale 4x, 2 pictures: about \d+ /);
  expect(first.output().match(/Faces are not restored: .* imaginarium models pull/g)).toHaveLength(1);
  expect(first.output()).toContain('Stopped with 1 of 3 done. The same command goes on from here.');
  expect(await unfinished(out)).toHaveLength(1);

  const { code, output } = await runCli([...args, '--json'], env);
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  expect(lines).toEqual([
    expect.objectContaining({
      picture: join(folder, 'broken.png'),
      state: 'failed',
      error: expect.stringContaining('broken.png'),
    }),
    expect.objectContaining({ picture: join(folder, 'first.png'), state: 'already-there' }),
    expect.objectContaining({ type: 'estimate', pictures: [expect.objectContaining({ width: 500, height: 400 })] }),
    expect.objectContaining({ state: 'upscaled', result: join(out, 'large-4x.png'), width: 2000, height: 1600 }),
  ]);
  expect([code, output]).toEqual([1, expect.stringContaining('1 of 3 could not be upscaled.')]);
  // Nothing is left of it: it was gone on with, or it would still lie there.
  expect(await unfinished(out)).toEqual([]);
  expect((await readdir(out)).toSorted()).toEqual(['.imaginarium', 'first-4x.png', 'large-4x.png']);
});
