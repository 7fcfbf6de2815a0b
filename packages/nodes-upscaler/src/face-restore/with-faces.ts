import { join } from 'node:path';
import { loadSharp, MAX_PIXELS, type Picture, type Pipeline } from '@imaginarium/pictures';
import { FacePaster } from '../faces/face-paster.ts';
import type { FaceWork } from '../faces/face-work.ts';
import { refuseFullDisk } from '../upscale/check-room.ts';
import { PixelFile } from '../upscale/pixel-file.ts';
import { StripTiff, type StripTiffShape } from '../upscale/strip-tiff.ts';

/** Rows that are in memory at a time have about so many pixels. */
const BAND_PIXELS = 1_000_000;

/**
 * A picture with its faces restored and all else as it was, bit for bit, in its own depth. Memory does not depend on its size.
 * @param folder for work files; what is dear, the faces, is kept where `faces` keeps it.
 * @throws {Error} when the work files do not fit on the disk.
 * @throws {NonRetryableError} when the picture is damaged.
 */
export async function withFaces(
  picture: Picture,
  faces: FaceWork,
  folder: string,
  signal: AbortSignal,
): Promise<Pipeline> {
  await refuseFullDisk(picture, [1], folder);
  const upright = picture.open().toColourspace(picture.deep ? 'rgb16' : 'srgb');
  await using source = await PixelFile.decode(upright, join(folder, 'source.v'), picture.name);
  const paster = new FacePaster(await faces.restore(source), 1, faces.strength);
  const { width, height, full } = source;
  const shape: StripTiffShape = { width, height, channels: picture.hasAlpha ? 4 : 3, bits: full === 255 ? 8 : 16 };
  const path = join(folder, 'with-faces.tiff');
  await using target = await StripTiff.create(path, shape);
  const count = Math.max(1, Math.floor(BAND_PIXELS / width));
  for (let top = 0; top < height; top += count) {
    signal.throwIfAborted();
    const rows = await source.colourRows(top, Math.min(count, height - top));
    await paster.paste(rows);
    await target.write(rows.data);
  }
  const sharp = await loadSharp();
  return sharp(path, { limitInputPixels: MAX_PIXELS });
}
