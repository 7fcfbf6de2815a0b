import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FileRefusedError } from '@imaginarium/engine';
import { NonRetryableError } from '@imaginarium/node-sdk';
import { decoding, loadSharp } from '@imaginarium/pictures';
import type { TiledPicture } from '@imaginarium/protocol';
import type { Sharp } from 'sharp';
import { storedLimit } from './picture.ts';
import { turnUpright } from './turn-upright.ts';

/** So that no seam shows where a tile is drawn between pixels. */
const OVERLAP = 1;
const QUALITY = 85;
/** Pixels of a band of a picture that is turned: it is read once for each, and a band is held a few times over. */
const BAND_PIXELS = 20e6;

/** What is to be cut, and into which folder. */
export interface TilesTask {
  /** What people know the picture by. */
  name: string;
  source: string;
  target: string;
  /** Pixels of a tile's side. */
  tileSize: number;
  pixelLimit: number;
}

/**
 * Cuts a stored picture into the tiles of the Deep Zoom format: `<target>/tiles_files/<level>/<column>_<row>.<format>`, upright and in
 * sRGB. Reads it from the top down, so that memory depends on its width and never on its height; one that has to be turned, as only uploads
 * have, is turned band by band first.
 * @throws {FileRefusedError} when the picture is at fault; else what the disk says.
 */
export async function cutTiles(task: TilesTask): Promise<TiledPicture> {
  return decoding(task.name, () => cut(task)).catch((error: unknown) => {
    if (error instanceof NonRetryableError) throw new FileRefusedError('broken', error.message, { cause: error });
    throw error;
  });
}

async function cut({ source, target, tileSize, pixelLimit }: TilesTask): Promise<TiledPicture> {
  const sharp = await loadSharp();
  const reading = { limitInputPixels: storedLimit(pixelLimit), failOn: 'none', pages: 1 } as const;
  const { width, height, autoOrient, orientation = 1, hasAlpha, icc, space } = await sharp(source, reading).metadata();
  const inSrgb = (picture: Sharp) => {
    picture.toColourspace('srgb');
    // With 16 bits and a profile, the imaging library works in Display P3 and would write that without a word.
    return icc && space === 'rgb16' ? picture.withIccProfile('srgb', { attach: false }) : picture;
  };
  const upright = join(target, 'upright.tif');
  const read = () => inSrgb(sharp(source, { ...reading, sequentialRead: true }));
  const isLying = orientation > 1 && orientation <= 8;
  if (isLying) await turnUpright({ width, height, orientation, read }, upright, BAND_PIXELS);
  const picture = isLying ? sharp(upright, { ...reading, sequentialRead: true }) : read();
  const format = hasAlpha ? 'webp' : 'jpeg';
  const written = hasAlpha ? picture.webp({ quality: QUALITY, effort: 1 }) : picture.jpeg({ quality: QUALITY });
  await written.tile({ size: tileSize, overlap: OVERLAP, layout: 'dz' }).toFile(join(target, 'tiles.dz'));
  await rm(upright, { force: true });
  return { state: 'ready', ...autoOrient, tileSize, overlap: OVERLAP, format };
}
