import type { FileRef, NodeFiles } from '@imaginarium/node-sdk';
import { type PhotoData, type Picture, type PictureFormat, type Pipeline, writePicture } from '@imaginarium/pictures';

/** How an enlarged picture is written. */
export interface Finish {
  format: PictureFormat;
  quality: number;
  suffix: string;
  /** `own`: the values are meant in the picture's profile, which is written with them. */
  colours: 'srgb' | 'own';
  photo: PhotoData;
}

/** Writes an enlarged picture, with what it keeps of the one it was made of: greyness, dots per inch, depth and name. */
export function finished(
  files: NodeFiles,
  image: Pipeline,
  picture: Picture,
  { colours, ...writing }: Finish,
): Promise<FileRef> {
  // Networks tint what is grey by a level or two.
  const toned = picture.grey ? image.greyscale() : image;
  const tagged = colours === 'own' ? toned.keepIccProfile() : toned;
  return writePicture(files, tagged, picture.name, { ...writing, density: picture.density, deep: picture.deep });
}
