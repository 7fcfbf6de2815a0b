import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { MAX_PIXELS, type Picture } from '@imaginarium/pictures';
import { isTooLarge } from './fit-picture.ts';

/**
 * Refuses, with numbers and before any work, a picture whose result would be too large.
 * @param frames how many of an animation are made.
 * @param canFit whether the node can make the picture smaller first.
 * @throws {NonRetryableError}
 */
export function refuseResultSize(picture: Picture, scale: number, { frames = 1, canFit = false } = {}): void {
  const { name, width, height } = picture;
  const pixels = width * scale * height * scale;
  if (frames > 1 && frames * pixels > MAX_PIXELS)
    throw new NonRetryableError(
      `${name} has ${frames} frames of ${width} x ${height} pixels; ${scale} times that is ${Math.round((frames * pixels) / 1e6)} million in all, and at most ${Math.floor(MAX_PIXELS / 1e6)} million are made. Choose the first frame only.`,
    );
  if (isTooLarge(picture, scale))
    throw new NonRetryableError(
      `${name} has ${width} x ${height} pixels; ${scale} times that is ${Math.round(pixels / 1e6)} million, and at most ${Math.floor(MAX_PIXELS / 1e6)} million are made. Make the picture smaller first${canFit ? ', or choose that under Advanced' : ''}.`,
    );
}

/**
 * Checks that the work files fit on the disk.
 * @param passes the scale of each way through a network.
 * @param withLayers whether layers are laid over the result, into a second file of its size.
 * @throws {Error} naming what is needed and what is free.
 */
export async function refuseFullDisk(
  picture: Picture,
  passes: readonly number[],
  folder: string,
  withLayers = false,
): Promise<void> {
  const scale = passes.reduce((product, each) => product * each, 1);
  const pixels = picture.width * picture.height;
  const depth = picture.deep ? 2 : 1;
  const source = pixels * (picture.hasAlpha ? 8 : 3) * depth; // With alpha, once more with its colours spread.
  const result = pixels * scale ** 2 * (picture.hasAlpha ? 5 : 3) * depth; // With alpha, that is a file of its own too.
  const between = pixels * (scale / (passes.at(-1) ?? 1)) ** 2 * 3 * depth;
  const needed = source + between + result * (withLayers ? 2.4 : 1.4); // And the encoded result.
  const { bavail, bsize } = await statfs(folder);
  // What an earlier try left is gone on with or written over: its room is there.
  const free = bavail * bsize + (await bytesIn(folder));
  if (free < needed)
    throw new Error(
      `${picture.name}: work files of ${Math.ceil(needed / 1e6)} MB are needed, and ${Math.floor(free / 1e6)} MB are free in the temporary folder. Free some space.`,
    );
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
