import { join } from 'node:path';
import { type FileRef, type NodeFiles, NonRetryableError } from '@imaginarium/node-sdk';
import type { Sharp as Pipeline } from 'sharp';
import { FORMAT_TRAITS, type PictureFormat } from './format.ts';
import { decoding } from './picture-error.ts';

/** How a picture is written. */
export interface Encoding {
  format: PictureFormat;
  /** 1 to 100; lossless formats ignore it. */
  quality: number;
  /** Writes 16 bits a channel where the format can. */
  deep: boolean;
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
 * Runs a pipeline and hands the result to the file store. Nothing but a few rows of pixels is held in memory.
 * @param names the picture's own name, for errors, and that of the result.
 */
export async function writePicture(
  files: NodeFiles,
  image: Pipeline,
  names: { source: string; result: string },
  encoding: Encoding,
): Promise<FileRef> {
  const { extension, mime } = FORMAT_TRAITS[encoding.format];
  // Names shown to people are no paths.
  const path = join(await files.folder(), `result.${extension}`);
  const { width, height } = await decoding(names.source, () => encode(image, encoding).toFile(path));
  return files.adopt(path, { name: names.result, mime, width, height });
}

function encode(image: Pipeline, { format, quality, deep }: Encoding): Pipeline {
  const traits = FORMAT_TRAITS[format];
  const flat = traits.alpha ? image : image.flatten({ background: '#ffffff' });
  const sized = deep && traits.deep ? flat.toColourspace('rgb16') : flat;
  const chromaSubsampling = quality >= 90 ? '4:4:4' : '4:2:0';
  switch (format) {
    case 'png':
      return sized.png({ compressionLevel: 6 });
    case 'jpeg':
      // Optimised coding holds the whole picture in memory for 5 % of its size.
      return sized.jpeg({ quality, chromaSubsampling, optimiseCoding: false });
    case 'webp':
      return sized.webp({ quality });
    case 'avif':
      return sized.avif({ quality, chromaSubsampling });
    case 'tiff':
      return sized.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}
