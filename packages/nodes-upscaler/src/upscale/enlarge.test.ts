import { readFile, writeFile } from 'node:fs/promises';
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
import { plainModel } from '../testing/onnx-model.ts';
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
      bytes: await loadNetwork(await installTiny({ scale: 2, pixelsLast: true })),
    };
    expect(networks.bytes.enlargeBytes).toBeDefined();
    const side = fc.integer({ min: 1, max: 90 });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(2 as const, 4 as const, 'bytes' as const),
        fc.record({ alpha: fc.boolean(), deep: fc.boolean() }),
        async (width, height, corePx, which, kind) => {
          const image = await noisePicture(width, height, kind);
          const tiled = await enlarged(image, { ...networks[which], corePx });
          const whole = await enlarged(image, { ...networks[which], corePx: UNTILED });
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

  it('goes on in smaller tiles once there was not the memory for larger ones', async () => {
    const network = await loadNetwork(await installTiny({ scale: 2 }));
    const image = await noisePicture(300, 700);
    const sides: number[] = [];
    const poor: Network = {
      ...network,
      corePx: 256,
      enlarge: async (tile) => {
        sides.push(tile.height);
        if (tile.width > 140) throw new Error('Failed to allocate memory for requested buffer of size 123');
        return network.enlarge(tile);
      },
    };
    const mended = await enlarged(image, poor);
    expect(mended.warnings).toHaveLength(1);
    expect(mended.warnings[0]).toContain('Failed to allocate memory');
    expect(sides.filter((side) => side > 140)).toHaveLength(1);
    expect(Buffer.compare(mended.data, (await enlarged(image, network)).data)).toBe(0);
  });

  describe('with tiles that are blended', () => {
    /** Gives each pixel again, so that a whole and its tiles are alike whatever is done at their edges. */
    async function plainNetwork(): Promise<Network> {
      const { folder, entry } = await installTiny({ scale: 2 });
      const path = join(folder, 'plain.onnx');
      await writeFile(path, plainModel(2));
      return loadNetwork({ path, speed: null, entry: { ...entry, sha256: 'plain' } });
    }

    it('counts every pixel once, for any size and tile', async () => {
      const network = await plainNetwork();
      const side = fc.integer({ min: 1, max: 120 });
      await fc.assert(
        fc.asyncProperty(
          side,
          side,
          fc.integer({ min: 8, max: 70 }),
          fc.boolean(),
          async (width, height, corePx, alpha) => {
            const image = await noisePicture(width, height, { alpha });
            const whole = await enlarged(image, { ...network, corePx: UNTILED });
            const tiled = await enlarged(image, { ...network, corePx, overlapPx: 32, exact: false });
            expect([tiled.width, tiled.height]).toEqual([width * 2, height * 2]);
            const apart = tiled.data.reduce(
              (most, value, at) => Math.max(most, Math.abs(value - (whole.data[at] ?? 0))),
              0,
            );
            expect(apart).toBeLessThanOrEqual(1);
          },
        ),
        { numRuns: 30 },
      );
    }, 60_000);

    it('leaves a seam that is far weaker than a cut', async () => {
      const network = await loadNetwork(await installTiny({ scale: 2 }));
      const image = await noisePicture(150, 90, { deep: true });
      // Each tile is shifted by its place: as far as networks with far-reaching radii differ between tiles.
      const moody = (exact: boolean): Network => {
        let count = 0;
        return {
          ...{ ...network, corePx: 50, overlapPx: 16, exact },
          enlarge: async (tile) => {
            const { data, ...size } = await network.enlarge(tile);
            const shift = (count++ % 2) * 0.1;
            return { ...size, data: data.map((value) => Math.min(1, value * 0.5 + 0.2 + shift)) };
          },
        };
      };
      const steps = async (exact: boolean) => {
        const { data, width } = await enlarged(image, moody(exact));
        const values = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
        const column = (x: number) => {
          let sum = 0;
          for (let y = 0; y < 60; y++) sum += values[(y * width + x) * 3] ?? 0;
          return sum / 60;
        };
        const mean = (from: number) =>
          Array.from({ length: 8 }, (_, at) => column(from + at)).reduce((a, b) => a + b) / 8;
        return Math.abs(mean(92) - mean(100));
      };
      const [cut, blended] = [await steps(true), await steps(false)];
      expect(cut).toBeGreaterThan(0.08 * 65535);
      expect(blended).toBeLessThan(cut / 2);
    });

    it('never lets a tile that failed fade into the result', async () => {
      const network = await plainNetwork();
      const image = await noisePicture(300, 150);
      const moody: Network = {
        ...{ ...network, corePx: 150, overlapPx: 32, exact: false },
        enlarge: async (tile) => {
          const output = await network.enlarge(tile);
          if (tile.width > 180) output.data.fill(Number.NaN);
          return output;
        },
      };
      const mended = await enlarged(image, moody);
      expect(mended.warnings.length).toBeGreaterThan(0);
      const whole = await enlarged(image, { ...network, corePx: UNTILED });
      const apart = mended.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (whole.data[at] ?? 0))), 0);
      expect(apart).toBeLessThanOrEqual(1);
    });
  });

  it('gives up on a network that is useless in small tiles too', async () => {
    const broken = await loadNetwork(await installTiny({ scale: 2, weight: () => Number.NaN }));
    await expect(enlarged(await noisePicture(80, 80), broken)).rejects.toThrow(
      'noise.png: the network gave values that are not numbers, in small tiles too. Choose another model.',
    );
    const blank = await loadNetwork(await installTiny({ scale: 2, weight: () => 0 }));
    await expect(enlarged(await noisePicture(80, 80), blank)).rejects.toThrow('one flat colour');
    const bytes = await loadNetwork(await installTiny({ scale: 2, weight: () => Number.NaN, pixelsLast: true }));
    await expect(enlarged(await noisePicture(80, 80), bytes)).rejects.toThrow('one flat colour');
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
