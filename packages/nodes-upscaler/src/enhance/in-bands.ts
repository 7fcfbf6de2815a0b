import { join } from 'node:path';
import type { BaseContext, FileRef } from '@imaginarium/node-sdk';
import {
  loadSharp,
  MAX_PIXELS,
  openPicture,
  type Picture,
  type Pipeline,
  photoDataOf,
  refuseFormatSize,
} from '@imaginarium/pictures';
import type { Planes } from '../inference/network.ts';
import { type PixelRows, planesOf, putPlanes } from '../inference/planes.ts';
import type { WritingWish } from '../tiers/encoding-params.ts';
import { refuseFullDisk } from '../upscale/check-room.ts';
import { finished } from '../upscale/finish.ts';
import { PixelFile } from '../upscale/pixel-file.ts';
import { StripTiff, type StripTiffShape } from '../upscale/strip-tiff.ts';

/** Work on the pixels of a picture. */
export interface PixelWork {
  /** How far around a pixel it looks, in pixels. */
  reachPx: number;
  /**
   * Draws a band of the picture: planes of one size come in and go out, from 0 to 1.
   * @param top the row of the picture that the band begins at; above the picture it is negative.
   */
  draw(band: Planes, top: number): Planes;
  /**
   * Says for each pixel of the band how much of it stays visible, 0 to 1, from the band as it came in. Left out, transparency stays as it is.
   */
  visible?: ((band: Planes, top: number) => Float32Array) | undefined;
}

type Context = Pick<BaseContext, 'files' | 'log' | 'progress' | 'signal'>;

/** About so many pixels are worked on at a time. */
const BAND_PIXELS = 1_000_000;

/**
 * Opens a picture that a node is to enhance, and refuses what cannot be written.
 * @throws {NonRetryableError} when it is no picture, or the format cannot hold it.
 */
export async function openForWork({ files, log }: Context, file: FileRef, wish: WritingWish): Promise<Picture> {
  const picture = await openPicture(files, file);
  const format = wish.format === 'same' ? picture.format : wish.format;
  refuseFormatSize(format, picture.width, picture.height);
  if (picture.frames > 1) log.warn(`${picture.name} has ${picture.frames} frames; only the first is used.`);
  return picture;
}

/**
 * Works on a picture a band of rows at a time, in its own depth: memory does not depend on its size. Bands meet without a trace, for what is
 * looked at reaches beyond them.
 * @throws {Error} when the work files do not fit on the disk.
 * @throws {NonRetryableError} when the picture is damaged.
 */
export async function inBands(
  { files, progress, signal }: Context,
  picture: Picture,
  work: PixelWork,
): Promise<Pipeline> {
  const folder = await files.folder();
  await refuseFullDisk(picture, [1], folder);
  const upright = picture.open().toColourspace(picture.deep ? 'rgb16' : 'srgb');
  await using source = await PixelFile.decode(upright, join(folder, 'source.v'), picture.name);
  const path = join(folder, 'worked-on.tiff');
  const channels = picture.hasAlpha || work.visible ? 4 : 3;
  const { width, height } = source;
  const shape: StripTiffShape = { width, height, channels, bits: source.full === 255 ? 8 : 16 };
  await using target = await StripTiff.create(path, shape);
  const rows = Math.max(1, Math.floor(BAND_PIXELS / width) - 2 * work.reachPx, work.reachPx);
  for (let top = 0; top < height; top += rows) {
    signal.throwIfAborted();
    const count = Math.min(rows, height - top);
    await target.write((await drawBand(source, channels, work, top, count)).data);
    progress((0.9 * (top + count)) / height, 'Working on the pixels');
  }
  const sharp = await loadSharp();
  return sharp(path, { limitInputPixels: MAX_PIXELS });
}

async function drawBand(
  source: PixelFile,
  channels: 3 | 4,
  { reachPx, draw, visible }: PixelWork,
  top: number,
  count: number,
): Promise<PixelRows> {
  const from = Math.max(0, top - reachPx);
  const band = await source.colourRows(from, Math.min(source.height, top + count + reachPx) - from);
  const { width, full } = band;
  const planes = planesOf(band, { left: 0, top: top - reachPx, width, height: count + 2 * reachPx });
  const shown = visible?.(planes, top - reachPx);
  const drawn = draw(planes, top - reachPx);
  const values = width * count * channels;
  const data = full === 255 ? new Uint8Array(values) : new Uint16Array(values);
  const result: PixelRows = { data, width, channels, top, full };
  putPlanes(drawn, { left: 0, top: reachPx, width, height: count }, result, 0, top);
  if (channels === 4)
    for (let at = 0; at < width * count; at++) {
      const pixel = (top - from) * width + at;
      const alpha = band.channels === 4 ? (band.data[pixel * 4 + 3] as number) : full; // Within bounds.
      data[at * 4 + 3] = Math.round(alpha * (shown?.[reachPx * width + at] ?? 1));
    }
  return result;
}

/** Writes what was made of a picture, with what a person chose to keep of it. */
export async function writeWorked(
  { files, log, progress }: Context,
  image: Pipeline,
  picture: Picture,
  suffix: string,
  wish: WritingWish,
): Promise<FileRef> {
  progress(0.95, 'Writing the result');
  const format = wish.format === 'same' ? picture.format : wish.format;
  const { data: photo, lost } = photoDataOf(picture, wish.metadata, format);
  for (const sentence of lost) log.info(sentence);
  return finished(files, image, picture, { format, quality: wish.quality, suffix, colours: 'srgb', photo });
}
