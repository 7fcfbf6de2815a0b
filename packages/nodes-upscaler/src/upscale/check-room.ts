import { statfs } from 'node:fs/promises';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { MAX_PIXELS, type Picture } from '@imaginarium/pictures';

/**
 * Refuses, with numbers and before any work, a picture whose result would be too large.
 * @throws {NonRetryableError}
 */
export function refuseResultSize({ name, width, height }: Picture, scale: number): void {
  const pixels = width * scale * height * scale;
  if (pixels > MAX_PIXELS)
    throw new NonRetryableError(
      `${name} has ${width} x ${height} pixels; ${scale} times that is ${Math.round(pixels / 1e6)} million, and at most ${Math.floor(MAX_PIXELS / 1e6)} million are made. Make the picture smaller first.`,
    );
}

/**
 * Checks that the work files fit on the disk.
 * @param passes the scale of each way through a network.
 * @throws {Error} naming what is needed and what is free.
 */
export async function refuseFullDisk(picture: Picture, passes: readonly number[], folder: string): Promise<void> {
  const scale = passes.reduce((product, each) => product * each, 1);
  const pixels = picture.width * picture.height;
  const depth = picture.deep ? 2 : 1;
  const source = pixels * (picture.hasAlpha ? 8 : 3) * depth; // With alpha, once more with its colours spread.
  const result = pixels * scale ** 2 * (picture.hasAlpha ? 5 : 3) * depth; // With alpha, that is a file of its own too.
  const between = pixels * (scale / (passes.at(-1) ?? 1)) ** 2 * 3 * depth;
  const needed = source + between + result * 1.3; // And the encoded result.
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < needed)
    throw new Error(
      `${picture.name}: work files of ${Math.ceil(needed / 1e6)} MB are needed, and ${Math.floor(free / 1e6)} MB are free in the temporary folder. Free some space.`,
    );
}
