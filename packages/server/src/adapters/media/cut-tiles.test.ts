import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileRefusedError } from '@imaginarium/engine';
import { topLevel } from '@imaginarium/protocol';
import fc from 'fast-check';
import sharp, { type Color, type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leftOut } from '../../../../../tests/services/left-out.ts';
import { SmallDisk } from '../../durability/testing/small-disk.ts';
import { cutTiles } from './cut-tiles.ts';

let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imaginarium-cut-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Cuts what a pipeline makes into tiles of 64 pixels. */
async function cut(picture: Sharp, ending: string) {
  count += 1;
  const [source, target] = [join(folder, `${count}.${ending}`), join(folder, `${count}`)];
  await picture.toFile(source);
  await mkdir(target);
  const tiles = await cutTiles({ name: 'me', source, target, tileSize: 64, pixelLimit: 1 });
  const top = join(target, 'tiles_files', String(topLevel(tiles)));
  const tile = (name: string) => sharp(join(top, `${name}.${tiles.format}`));
  return { tiles, target, top, tile };
}

const plain = (width: number, height: number, background: Color = '#3366cc') =>
  sharp({ create: { width, height, channels: 3, background } });

describe('cutTiles', () => {
  test('has a tile for every place of a picture of any size, and one level for each halving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 }), async (width, height) => {
        const { tiles, target, top, tile } = await cut(plain(width, height), 'png');
        expect(tiles).toEqual({ state: 'ready', width, height, tileSize: 64, overlap: 1, format: 'jpeg' });
        const [columns, rows] = [Math.ceil(width / 64), Math.ceil(height / 64)];
        expect((await readdir(top)).length).toBe(columns * rows);
        const last = await tile(`${columns - 1}_${rows - 1}`).metadata();
        const side = (length: number, places: number) => length - (places - 1) * 64 + (places > 1 ? 1 : 0);
        expect([last.width, last.height]).toEqual([side(width, columns), side(height, rows)]);
        const names = await readdir(join(target, 'tiles_files'));
        const levels = names
          .filter((name) => /^\d+$/.test(name))
          .map(Number)
          .toSorted((a, b) => a - b);
        expect(levels).toEqual(Array.from({ length: topLevel(tiles) + 1 }, (_, level) => level));
      }),
      { numRuns: 12 },
    );
  });

  test('stands a picture upright', async () => {
    // Left half red, right half blue, and a note that it lies on its side.
    const left = await plain(64, 64, '#ff0000').png().toBuffer();
    const lying = plain(128, 64, '#0000ff')
      .composite([{ input: left, left: 0, top: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 });
    const { tiles, target, tile } = await cut(lying, 'jpg');
    expect((await readdir(target)).toSorted()).toEqual(['tiles.dzi', 'tiles_files']);
    expect([tiles.width, tiles.height]).toEqual([64, 128]);
    const [top, bottom] = [await colour(tile('0_0')), await colour(tile('0_1'))];
    expect([top[0] > 200, top[2] < 60, bottom[0] < 60, bottom[2] > 200]).toEqual([true, true, true, true]);
  });

  test('keeps transparency', async () => {
    const glass = sharp({
      create: { width: 70, height: 70, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } },
    });
    const { tiles, tile } = await cut(glass, 'png');
    expect(tiles.format).toBe('webp');
    const { data } = await tile('0_0').raw().toBuffer({ resolveWithObject: true });
    expect(data[3]).toBeGreaterThan(120);
    expect(data[3]).toBeLessThan(136);
  });

  test.each([
    [8, 1],
    [16, 1],
    [16, 6],
  ])(
    'shows a picture of %i bits and orientation %i in another colour space as it looks, in sRGB',
    async (bits, orientation) => {
      const green = plain(64, 64, { r: 40, g: 200, b: 80 });
      const wide = bits === 16 ? green.toColourspace('rgb16') : green;
      const { tile } = await cut(wide.withMetadata({ orientation }).withIccProfile('p3').png(), 'png');
      const seen = await colour(tile('0_0'));
      for (const [channel, value] of [40, 200, 80].entries())
        expect(Math.abs((seen[channel] ?? 0) - value)).toBeLessThan(6);
      expect((await tile('0_0').metadata()).icc).toBeUndefined();
    },
  );
});

const disk = SmallDisk.open(1);
const noDisk = leftOut(disk, 'this user may not mount');
afterAll(() => disk?.[Symbol.dispose]());

describe('cutTiles, where it cannot', () => {
  test('says of a picture that it is damaged', async () => {
    const source = join(folder, 'damaged.png');
    await writeFile(source, Buffer.from('89504e470d0a1a0a0000', 'hex'));
    const task = { name: 'me.png', source, target: folder, tileSize: 64, pixelLimit: 1 };
    await expect(cutTiles(task)).rejects.toThrow(FileRefusedError);
    await expect(cutTiles(task)).rejects.toThrow('me.png cannot be read as a picture');
  });

  test.skipIf(noDisk)(`says of a disk that it is full${noDisk}`, async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const source = join(folder, 'noise.jpg');
    await sharp({ create: { width: 1500, height: 1500, channels: 3, background: '#888888', noise } }).toFile(source);
    const task = { name: 'noise.jpg', source, target: disk?.folder ?? '', tileSize: 256, pixelLimit: 1 };
    await expect(cutTiles(task)).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});

/** The mean of each channel, without its outermost pixels. */
async function colour(tile: Sharp): Promise<[number, number, number]> {
  const { channels } = await tile.extract({ left: 8, top: 8, width: 40, height: 40 }).stats();
  return channels.map(({ mean }) => mean) as [number, number, number];
}
