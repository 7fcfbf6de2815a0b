import { join } from 'node:path';
import { type FileRef, type NodeFiles, NonRetryableError } from '@imaginarium/node-sdk';
import type { Sharp as Pipeline } from 'sharp';
import { FORMAT_TRAITS, type PictureFormat, withExtension } from './format.ts';
import { decoding } from './picture-error.ts';

/** How a picture is written. */
export interface Encoding {
  format: PictureFormat;
  /** 1 to 100; lossless formats ignore it. */
  quality: number;
  /** Fills what is transparent where the format has no transparency: `#rrggbb`. */
  background: string;
  /** Writes 16 bits a channel where the format can. */
  deep: boolean;
}

/** A picture on disk, not yet handed to the file store. */
export interface WrittenPicture {
  path: string;
  name: string;
  mime: string;
  width: number;
  height: number;
}

/** Adds the encoder to a pipeline. */
export function encode(image: Pipeline, { format, quality, background, deep }: Encoding): Pipeline {
  const traits = FORMAT_TRAITS[format];
  const flat = traits.alpha ? image : image.flatten({ background });
  const sized = deep && traits.deep ? flat.toColourspace('rgb16') : flat;
  switch (format) {
    case 'png':
      return sized.png({ compressionLevel: 6 });
    case 'jpeg':
      // Optimised coding holds the whole picture in memory for 5 % of its size.
      return sized.jpeg({ quality, chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0', optimiseCoding: false });
    case 'webp':
      return sized.webp({ quality });
    case 'avif':
      return sized.avif({ quality, chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0' });
    case 'tiff':
      return sized.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}

/**
 * Refuses a size that a format cannot hold, before any work is done.
 * @throws {NonRetryableError} naming the limit and a format without it.
 */
export function refuseFormatSize(format: PictureFormat, width: number, height: number): void {
  const { title, maxSide } = FORMAT_TRAITS[format];
  if (Math.max(width, height) <= maxSide) return;
  throw new NonRetryableError(
    `format: ${title} holds at most ${maxSide} pixels a side, and the result has ${width} x ${height}. Choose PNG or TIFF.`,
  );
}

/**
 * Runs a pipeline into a file of the execution's own folder. Nothing but a few rows of pixels is held in memory.
 * @param name the source's name: the result is called the same, with the extension of its format.
 */
export async function renderPicture(
  image: Pipeline,
  folder: string,
  name: string,
  encoding: Encoding,
): Promise<WrittenPicture> {
  const { extension, mime } = FORMAT_TRAITS[encoding.format];
  const fileName = withExtension(name, extension);
  const path = join(folder, `picture-${++written}.${extension}`);
  const { width, height } = await decoding(name, () => encode(image, encoding).toFile(path));
  return { path, name: fileName, mime, width, height };
}

/** Names shown to people are no paths, so files in the folder are numbered. */
let written = 0;

/** Runs a pipeline and hands the result to the file store. */
export async function writePicture(
  files: NodeFiles,
  image: Pipeline,
  name: string,
  encoding: Encoding,
): Promise<FileRef> {
  const { path, ...hint } = await renderPicture(image, await files.folder(), name, encoding);
  return files.adopt(path, hint);
}
