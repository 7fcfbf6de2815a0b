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
 * @throws {Error} naming what is needed and what is free.
 */
export async function refuseFullDisk(picture: Picture, scale: number, folder: string): Promise<void> {
  const bytesPerPixel = (picture.hasAlpha ? 4 : 3) * (picture.deep ? 2 : 1);
  const source = picture.width * picture.height * bytesPerPixel * (picture.hasAlpha ? 2 : 1);
  const needed =
    source + picture.width * picture.height * scale * scale * (bytesPerPixel + (picture.hasAlpha ? 1 : 0)) * 1.3;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free < needed)
    throw new Error(
      `${picture.name}: work files of ${Math.ceil(needed / 1e6)} MB are needed, and ${Math.floor(free / 1e6)} MB are free in the temporary folder. Free some space.`,
    );
}
