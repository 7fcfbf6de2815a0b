import { join } from 'node:path';
import { type FileRef, type NodeFiles, NonRetryableError } from '@imaginarium/node-sdk';
import { exifTexts } from './exif-texts.ts';
import { baseName, FORMAT_TRAITS, type PictureFormat } from './format.ts';
import type { Pipeline } from './load-sharp.ts';
import type { PhotoData } from './photo-data.ts';
import { decoding } from './picture-error.ts';
import { putPhotoData } from './put-photo-data.ts';

/** How a picture is encoded. */
export interface Encoding {
  format: PictureFormat;
  /** 1 to 100; lossless formats ignore it. */
  quality: number;
  /** Fills what is transparent where the format has no transparency: `#rrggbb`, white when left out. */
  background?: string;
  /** Writes 16 bits a channel where the format can. */
  deep: boolean;
  /** Writes shades of grey as such, in a third of the values, where the format can. */
  grey?: boolean;
}

/** How a picture is encoded, what its file is called, and what stands in it beside the pixels. */
export interface Writing extends Encoding {
  /** Data about the photo that the format holds, from {@link photoDataOf}. None when left out. */
  photo?: PhotoData;
  /** Pixels per inch. */
  density?: number | undefined;
  /** Stands in the result's name after the source's: `-2x` makes `me-2x.jpg` of `me.png`. Nothing when left out. */
  suffix?: string;
}

/** A picture on disk, not yet handed to the file store. */
export interface WrittenPicture {
  path: string;
  name: string;
  mime: string;
  width: number;
  height: number;
}

/**
 * Runs a pipeline and hands the result to the file store. Nothing but a few rows of pixels is held in memory.
 * @param name the source's name, for errors; the result is called the same, with the suffix and the extension of its format.
 * @throws {NonRetryableError} when the source turns out to be damaged.
 */
export async function writePicture(
  files: NodeFiles,
  image: Pipeline,
  name: string,
  writing: Writing,
): Promise<FileRef> {
  const { path, ...hint } = await renderPicture(image, await files.folder(), name, writing);
  return files.adopt(path, hint);
}

/**
 * As {@link writePicture}, into a file of the execution's own folder that is not handed to the file store.
 * @param folder where the file is made, under a name of its own.
 */
export async function renderPicture(
  image: Pipeline,
  folder: string,
  name: string,
  { suffix = '', photo = {}, density, ...encoding }: Writing,
): Promise<WrittenPicture> {
  const { extension, mime } = FORMAT_TRAITS[encoding.format];
  const path = join(folder, `picture-${++written}.${extension}`);
  const told = withPhotoData(image, photo, density);
  const { width, height } = await decoding(name, () => encode(told, encoding).toFile(path));
  await putPhotoData(path, encoding.format, photo);
  return { path, name: `${baseName(name)}${suffix}.${extension}`, mime, width, height };
}

/** A pipeline whose result has data about a photo in it, as far as the imaging library writes them, and pixels per inch. */
export function withPhotoData(
  image: Pipeline,
  { exif, xmp }: Pick<PhotoData, 'exif' | 'xmp'>,
  density: number | undefined,
): Pipeline {
  // A density alone would bring all EXIF data of the source with it.
  const told = exif || density ? image.withExif(exif ? exifTexts(exif) : {}) : image;
  const printed = density ? told.withDensity(density) : told;
  return xmp ? printed.withXmp(xmp) : printed;
}

/** Names shown to people are no paths, so files in the folder are numbered. */
let written = 0;

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

function inDepth(image: Pipeline, deep: boolean, grey: boolean): Pipeline {
  if (grey) return image.toColourspace(deep ? 'grey16' : 'b-w');
  return deep ? image.toColourspace('rgb16') : image;
}

function encode(image: Pipeline, { format, quality, background = '#ffffff', deep, grey = false }: Encoding): Pipeline {
  const traits = FORMAT_TRAITS[format];
  const flat = traits.alpha ? image : image.flatten({ background });
  const sized = inDepth(flat, deep && traits.deep, grey && traits.grey);
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
      // More effort takes ten times as long, for files of the same size.
      return sized.avif({ quality, chromaSubsampling, effort: 2 });
    case 'tiff':
      return sized.tiff({ compression: 'deflate', predictor: 'horizontal' });
  }
}
