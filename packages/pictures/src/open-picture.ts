import { type FileRef, type NodeFiles, NonRetryableError } from '@imaginarium/node-sdk';
import { type Carried, carriedBy } from './carried-by.ts';
import { formatOfName, type PictureFormat } from './format.ts';
import { loadSharp, MAX_PIXELS, type Pipeline } from './load-sharp.ts';

import { decoding } from './picture-error.ts';

/** A picture that can be decoded: what its header says, and a way to its pixels. */
export interface Picture {
  /** The name people see. */
  name: string;
  /** Pixels as shown: after the orientation stored in the file is applied. */
  width: number;
  height: number;
  hasAlpha: boolean;
  /** More than 8 bits a channel. */
  deep: boolean;
  /** Shades of grey only. */
  grey: boolean;
  /** Pixels per inch, where the file says so. */
  density: number | undefined;
  /** Data about the photo. What is written has none unless it is asked for. */
  carries: Carried;
  /** The colour profile of a picture in red, green and blue, where the file has one. */
  profile: Uint8Array | undefined;
  /** Frames of an animation or pages of a document; one of them is what this picture shows. */
  frames: number;
  /** How long each frame is shown, in milliseconds, and how often all are repeated, 0 for ever; of animations only. */
  animation: { delaysMs: number[]; loop: number } | undefined;
  /** The format to write so that the result is of the same kind: a GIF becomes a PNG. */
  format: PictureFormat;
  /**
   * A fresh pipeline: upright, and in sRGB, whatever colour space the file is in. With `own`, the values stay as they are in the file and
   * mean what its {@link profile} says.
   */
  open(colours?: 'srgb' | 'own'): Pipeline;
}

/**
 * Reads a picture's header. Decoding happens when a pipeline from {@link Picture.open} is used.
 * @param frame which frame of an animation it is to show; the first when left out.
 * @throws {NonRetryableError} when it is not a picture, is damaged in its header, or has more pixels than {@link MAX_PIXELS}.
 */
export async function openPicture(files: NodeFiles, file: FileRef, frame = 0): Promise<Picture> {
  if (file.bytes === 0) throw new NonRetryableError(`${file.name} cannot be read as a picture: it is empty (0 bytes).`);
  const sharp = await loadSharp();
  const path = await files.path(file);
  const reading = {
    autoOrient: true,
    limitInputPixels: MAX_PIXELS,
    failOn: 'warning',
    ...(frame > 0 ? { page: frame } : {}),
  } as const;
  const meta = await decoding(file.name, () => sharp(path, reading).metadata());
  const carries = carriedBy(path, meta);
  const isRgb = meta.space === 'srgb' || meta.space === 'rgb16';
  const profile = isRgb && meta.icc ? new Uint8Array(meta.icc) : undefined;
  // With 16 bits and a profile, the imaging library works in Display P3 and would write that without a word.
  const isP3 = profile !== undefined && meta.space === 'rgb16';
  return {
    name: file.name,
    width: meta.autoOrient.width,
    height: meta.autoOrient.height,
    hasAlpha: meta.hasAlpha,
    deep: meta.depth !== 'uchar' && meta.depth !== 'char',
    grey: meta.space === 'b-w' || meta.space === 'grey16',
    density: meta.density ?? carries.exif?.density,
    carries,
    profile,
    frames: meta.pages ?? 1,
    animation: meta.delay && (meta.pages ?? 1) > 1 ? { delaysMs: meta.delay, loop: meta.loop ?? 0 } : undefined,
    format: formatOfName(meta.format),
    open: (colours = 'srgb') => {
      if (colours === 'own') return sharp(path, { ...reading, ignoreIcc: true });
      return isP3 ? sharp(path, reading).withIccProfile('srgb', { attach: false }) : sharp(path, reading);
    },
  };
}
