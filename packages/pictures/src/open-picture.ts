import { type FileRef, type NodeFiles, NonRetryableError } from '@imaginarium/node-sdk';
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
  /** Data about the photo that the file carries: camera, author, place. What is written has none unless it is asked for. */
  metadata: ('EXIF' | 'IPTC' | 'XMP')[];
  /** Frames of an animation or pages of a document; only the first is used. */
  frames: number;
  /** The format to write so that the result is of the same kind: a GIF becomes a PNG. */
  format: PictureFormat;
  /** A fresh pipeline: upright, and sRGB once written, whatever colour space the file is in. */
  open(): Pipeline;
}

/**
 * Reads a picture's header. Decoding happens when a pipeline from {@link Picture.open} is used.
 * @throws {NonRetryableError} when it is not a picture, is damaged in its header, or has more pixels than {@link MAX_PIXELS}.
 */
export async function openPicture(files: NodeFiles, file: FileRef): Promise<Picture> {
  if (file.bytes === 0) throw new NonRetryableError(`${file.name} cannot be read as a picture: it is empty (0 bytes).`);
  const sharp = await loadSharp();
  const path = await files.path(file);
  const open = () => sharp(path, { autoOrient: true, limitInputPixels: MAX_PIXELS, failOn: 'warning' });
  const meta = await decoding(file.name, () => open().metadata());
  return {
    name: file.name,
    width: meta.autoOrient.width,
    height: meta.autoOrient.height,
    hasAlpha: meta.hasAlpha,
    deep: meta.depth !== 'uchar' && meta.depth !== 'char',
    grey: meta.space === 'b-w' || meta.space === 'grey16',
    density: meta.density,
    metadata: [
      ...(meta.exif ? (['EXIF'] as const) : []),
      ...(meta.iptc ? (['IPTC'] as const) : []),
      ...(meta.xmp ? (['XMP'] as const) : []),
    ],
    frames: meta.pages ?? 1,
    format: formatOfName(meta.format),
    open,
  };
}
