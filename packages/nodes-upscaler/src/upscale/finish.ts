import type { FileRef, NodeFiles } from '@imaginarium/node-sdk';
import { type Picture, type PictureFormat, type Pipeline, writePicture } from '@imaginarium/pictures';

/** Writes an enlarged picture, with what it keeps of the one it was made of: greyness, dots per inch, depth and name. */
export function finished(
  files: NodeFiles,
  image: Pipeline,
  picture: Picture,
  encoding: { format: PictureFormat; quality: number; suffix: string },
): Promise<FileRef> {
  // Networks tint what is grey by a level or two.
  const toned = picture.grey ? image.greyscale() : image;
  // A density alone would bring all EXIF data with it.
  const printed = picture.density ? toned.withExif({}).withDensity(picture.density) : toned;
  return writePicture(files, printed, picture.name, { ...encoding, deep: picture.deep });
}
