import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRef } from '@imaginarium/node-sdk';
import { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp, openPicture } from '@imaginarium/pictures';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../catalogue/catalogue.ts';
import { inspectModels } from '../catalogue/find-installed.ts';
import { loadNetwork, type Network } from '../inference/network.ts';
import { installTiny } from '../testing/installed-model.ts';
import { realImages, realModels, whySkipped } from '../testing/test-data.ts';
import { enlarge } from './enlarge.ts';

const files = new TestFiles();
afterAll(() => files[Symbol.asyncDispose]());

const UNTILED = 1_000_000;
/** The networks whose files come with the package or lie in the test data. */
const WITH_FILES = CATALOGUE.filter(
  ({ task, receptiveRadiusPx }) => task === 'super-resolution' && receptiveRadiusPx !== null,
);

/** A picture of noise over gradients: every pixel is unlike its neighbours, so that a seam has nowhere to hide. */
async function noisePicture(width: number, height: number, { alpha = false, deep = false } = {}): Promise<FileRef> {
  const sharp = await loadSharp();
  const channels = alpha ? 4 : 3;
  const values = Float64Array.from({ length: width * height * channels }, (_, index) => {
    const bits = Math.imul(index + width, 0x9e3779b1);
    return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
  });
  const data = deep
    ? Uint16Array.from(values, (value) => value * 65535)
    : Uint8Array.from(values, (value) => value * 255);
  const image = sharp(data, { raw: { width, height, channels } });
  const png = await (deep ? image.toColourspace('rgb16') : image).png().toBuffer();
  return files.write(png, { name: 'noise.png' });
}

async function enlarged(
  image: FileRef,
  network: Network,
  scale = 2,
): Promise<{ data: Buffer; width: number; height: number; warnings: string[] }> {
  const picture = await openPicture(files, image);
  const warnings: string[] = [];
  const { path } = await enlarge({
    picture,
    colours: 'srgb',
    passes: [{ network, scale }],
    folder: await files.folder(),
    key: 'one',
    signal: new AbortController().signal,
    begin: () => {},
    progress: () => {},
    warn: (message) => warnings.push(message),
  });
  const sharp = await loadSharp();
  const raw = sharp(path)
    .toColourspace(picture.deep ? 'rgb16' : 'srgb')
    .raw({ depth: picture.deep ? 'ushort' : 'uchar' });
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, warnings };
}

describe('enlarge', () => {
  it('gives the same bits tiled and untiled, for any size, tile, scale and depth', async () => {
    const networks = {
      2: await loadNetwork(await installTiny({ scale: 2 })),
      4: await loadNetwork(await installTiny({ scale: 4 })),
    };
    const side = fc.integer({ min: 1, max: 90 });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(2 as const, 4 as const),
        fc.record({ alpha: fc.boolean(), deep: fc.boolean() }),
        async (width, height, corePx, scale, kind) => {
          const image = await noisePicture(width, height, kind);
          const tiled = await enlarged(image, { ...networks[scale], corePx });
          const whole = await enlarged(image, { ...networks[scale], corePx: UNTILED });
          expect([tiled.width, tiled.height]).toEqual([width * 2, height * 2]);
          expect(Buffer.compare(tiled.data, whole.data)).toBe(0);
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('shows a seam when tiles overlap by less than the receptive radius', async () => {
    const network = await loadNetwork(await installTiny({ scale: 4 }));
    const image = await noisePicture(64, 64, { deep: true });
    const whole = await enlarged(image, { ...network, corePx: UNTILED });
    const tiled = await enlarged(image, { ...network, corePx: 16, overlapPx: network.overlapPx - 1 });
    expect(Buffer.compare(tiled.data, whole.data)).not.toBe(0);
  });

  it('tries a tile that fails again in smaller ones, with the same result', async () => {
    const network = await loadNetwork(await installTiny({ scale: 2 }));
    const image = await noisePicture(300, 40);
    const moody: Network = {
      ...network,
      corePx: 256,
      enlarge: async (tile) => {
        const output = await network.enlarge(tile);
        if (tile.width > 100) output.data.fill(Number.NaN);
        return output;
      },
    };
    const mended = await enlarged(image, moody);
    expect(mended.warnings[0]).toContain('values that are not numbers');
    expect(Buffer.compare(mended.data, (await enlarged(image, network)).data)).toBe(0);
  });

  it('gives up on a network that is useless in small tiles too', async () => {
    const broken = await loadNetwork(await installTiny({ scale: 2, weight: () => Number.NaN }));
    await expect(enlarged(await noisePicture(80, 80), broken)).rejects.toThrow(
      'noise.png: the network gave values that are not numbers, in small tiles too. Choose another model.',
    );
    const blank = await loadNetwork(await installTiny({ scale: 2, weight: () => 0 }));
    await expect(enlarged(await noisePicture(80, 80), blank)).rejects.toThrow('one flat colour');
  });

  it('stops between tiles when it is aborted', async () => {
    const network = await loadNetwork(await installTiny({ scale: 2 }));
    const controller = new AbortController();
    const job = enlarge({
      picture: await openPicture(files, await noisePicture(90, 90)),
      colours: 'srgb',
      passes: [{ network: { ...network, corePx: 16 }, scale: 2 }],
      folder: await files.folder(),
      key: 'one',
      signal: controller.signal,
      begin: () => {},
      progress: () => controller.abort(new Error('cancelled')),
      warn: () => {},
    });
    await expect(job).rejects.toThrow('cancelled');
  });

  describe.skipIf(!realModels)(`with the networks of the test data${whySkipped}`, () => {
    it.each(WITH_FILES.map((entry) => [entry.name, entry] as const))(
      '%s gives the same bits tiled and untiled, and keeps the mean colour',
      async (_name, entry) => {
        const [model] = await inspectModels(realModels ?? '', [entry]);
        if (!model) throw new Error('The catalogue is empty.');
        const network = await loadNetwork(model);
        const sharp = await loadSharp();
        const photo = sharp(await readFile(join(realImages ?? '', 'photo/chelsea.png'))).extract({
          left: 100,
          top: 60,
          width: 151,
          height: 115,
        });
        const image = await files.write(await photo.png().toBuffer(), { name: 'cat.png' });
        const whole = await enlarged(image, { ...network, corePx: UNTILED });
        const tiled = await enlarged(image, { ...network, corePx: 48 });
        expect(Buffer.compare(tiled.data, whole.data)).toBe(0);
        const before = await sharp(await files.path(image))
          .removeAlpha()
          .stats();
        const after = await sharp(whole.data, {
          raw: { width: whole.width, height: whole.height, channels: 3 },
        }).stats();
        for (const channel of [0, 1, 2] as const)
          expect(Math.abs((after.channels[channel]?.mean ?? 0) - (before.channels[channel]?.mean ?? 0))).toBeLessThan(
            3,
          );
      },
      60_000,
    );
  });
});
