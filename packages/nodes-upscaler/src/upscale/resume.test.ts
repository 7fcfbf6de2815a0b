import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { samplePng, TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadNetwork, type Network } from '../inference/network.ts';
import { installTiny } from '../testing/installed-model.ts';
import { enlarge } from './enlarge.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

/** A network that counts its tiles, and stops the work at one of them as a killed process would: without a word. */
function counted(network: Network, seen: { tiles: number }, stopAt = Number.POSITIVE_INFINITY, exact = true): Network {
  return {
    ...network,
    ...(exact ? {} : { exact, overlapPx: 8 }),
    corePx: 12,
    async enlarge(tile) {
      if (++seen.tiles > stopAt) throw new Error('killed');
      return network.enlarge(tile);
    },
  };
}

async function prepare(alpha: boolean, exact = true) {
  const sharp = await loadSharp();
  const bytes = alpha ? await sharp(samplePng(40, 50)).ensureAlpha(0.5).png().toBuffer() : samplePng(40, 50);
  const image = await files.write(bytes, { name: 'photo.png' });
  const picture = await openPicture(files, image);
  const networks = [
    await loadNetwork(await installTiny({ scale: 4 })),
    await loadNetwork(await installTiny({ scale: 2 })),
  ];
  const run = async (folder: string, seen: { tiles: number }, stopAt?: number, key = 'one') => {
    const job = {
      ...{ picture, colours: 'srgb' as const, folder, key, signal: new AbortController().signal },
      passes: networks.map((network) => ({ network: counted(network, seen, stopAt, exact), scale: network.scale })),
      ...{ begin: () => {}, progress: () => {}, warn: () => {} },
    };
    return readFile((await enlarge(job)).path);
  };
  const whole = { tiles: 0 };
  return { run, expected: await run(await files.folder(), whole), tiles: whole.tiles };
}

describe('an enlargement that was killed', () => {
  it('goes on from its last finished rows in the same folder, with the same bytes in the end', async () => {
    for (const [alpha, exact] of [
      [false, true],
      [true, true],
      [false, false],
      [true, false],
    ] as const) {
      const { run, expected, tiles } = await prepare(alpha, exact);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 0, max: tiles }), { minLength: 1, maxLength: 4 }),
          async (stops) => {
            const folder = await files.folder();
            const seen = { tiles: 0 };
            for (const stop of stops) {
              seen.tiles = 0;
              await run(folder, seen, stop).catch((error: Error) => expect(error.message).toBe('killed'));
            }
            seen.tiles = 0;
            expect(Buffer.compare(await run(folder, seen), expected)).toBe(0);
          },
        ),
        { numRuns: 15 },
      );
    }
  }, 60_000);

  it('computes no finished row again, and nothing at all when all were finished', async () => {
    const { run, tiles } = await prepare(false);
    const folder = await files.folder();
    const seen = { tiles: 0 };
    await run(folder, seen, tiles - 1).catch(() => undefined);
    seen.tiles = 0;
    await run(folder, seen);
    expect(seen.tiles).toBeLessThan(tiles / 4);
    seen.tiles = 0;
    await run(folder, seen);
    expect(seen.tiles).toBe(0);
  });

  it('begins anew where the folder holds the work of another picture', async () => {
    const { run, expected, tiles } = await prepare(false);
    const folder = await files.folder();
    await run(folder, { tiles: 0 }, undefined, 'another');
    const seen = { tiles: 0 };
    expect(Buffer.compare(await run(folder, seen), expected)).toBe(0);
    expect(seen.tiles).toBe(tiles);
  });

  it('begins anew where what the last pass needs was used up by another last pass', async () => {
    const { run, expected } = await prepare(false);
    const folder = await files.folder();
    await run(folder, { tiles: 0 });
    // As after an update that changed how the last pass is done: the first one is finished by its journal, and its file is gone.
    await writeFile(join(folder, 'pass-2.tiff.rows'), 'other\n\n0\n');
    expect(Buffer.compare(await run(folder, { tiles: 0 }), expected)).toBe(0);
  });
});
