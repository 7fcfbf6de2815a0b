import type { FileRef } from '@imaginarium/node-sdk';
import type { TestFiles } from '@imaginarium/node-sdk/testing';
import { loadSharp } from '@imaginarium/pictures';

type Colour = { r: number; g: number; b: number; alpha?: number };

/** A picture of one colour, or a left and a right half, in any format the imaging library writes. */
export async function aPicture(
  files: TestFiles,
  name: string,
  { width = 40, height = 30, left = { r: 200, g: 40, b: 40 }, right = left, orientation = 1 }: PictureOptions = {},
): Promise<FileRef> {
  const sharp = await loadSharp();
  const channels = left.alpha === undefined ? 3 : 4;
  const data = new Uint8Array(width * height * channels);
  for (let at = 0; at < width * height; at++) {
    const { r, g, b, alpha = 1 } = at % width < width / 2 ? left : right;
    data.set([r, g, b, alpha * 255].slice(0, channels), at * channels);
  }
  const whole = sharp(data, { raw: { width, height, channels } });
  const format = name.slice(name.lastIndexOf('.') + 1) as 'png';
  const bytes = await (orientation === 1 ? whole : whole.withMetadata({ orientation })).toFormat(format).toBuffer();
  return files.write(bytes, { name });
}

/** What {@link aPicture} may be told. */
export interface PictureOptions {
  width?: number;
  height?: number;
  left?: Colour;
  right?: Colour;
  /** EXIF orientation, 1 to 8. */
  orientation?: number;
}

/** A decoded picture. */
export interface Pixels {
  width: number;
  height: number;
  channels: number;
  format: string;
  depth: string;
  orientation: number;
  hasExif: boolean;
  /** The channels of a pixel, 0 to 255. */
  at(x: number, y: number): number[];
}

/** Decodes a result, to look at its pixels. */
export async function pixelsOf(files: TestFiles, value: unknown): Promise<Pixels> {
  const sharp = await loadSharp();
  const path = await files.path(value as FileRef);
  const meta = await sharp(path).metadata();
  const { data, info } = await sharp(path)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return {
    width: info.width,
    height: info.height,
    channels: info.channels,
    format: meta.format,
    depth: meta.depth,
    orientation: meta.orientation ?? 1,
    hasExif: meta.exif !== undefined,
    at: (x, y) => [...data.subarray((y * info.width + x) * info.channels, (y * info.width + x + 1) * info.channels)],
  };
}
