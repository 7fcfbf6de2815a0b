import type { FileRef, NodeFiles, NodeLog } from '@imaginarium/node-sdk';
import {
  FORMAT_TRAITS,
  type PhotoData,
  type PhotoDataWish,
  type Picture,
  type PictureFormat,
  type Pipeline,
  photoDataOf,
  renderPicture,
} from '@imaginarium/pictures';

/** How an enlarged picture is written. */
export interface Finish {
  format: PictureFormat;
  quality: number;
  suffix: string;
  /** `own`: the values are meant in the picture's profile, which is written with them. */
  colours: 'srgb' | 'own';
  photo: PhotoData;
  /** Looks at the written file before it is handed on. */
  check?: ((path: string) => Promise<void>) | undefined;
}

/**
 * What of a picture goes over into a result beside its pixels, as a person chose; what is lost is told.
 * @returns the colours that its values are to be meant in, and the data about the photo.
 */
export function carriedOver(
  picture: Picture,
  wish: { colours: 'srgb' | 'own'; metadata: PhotoDataWish },
  format: PictureFormat,
  log: Pick<NodeLog, 'info'>,
): Pick<Finish, 'colours' | 'photo'> {
  const colours = wish.colours === 'own' && picture.profile ? 'own' : 'srgb';
  if (wish.colours === 'own' && colours === 'srgb')
    log.info(`${picture.name} has no colour profile for red, green and blue: its colours are sRGB in the result.`);
  const { data: photo, lost } = photoDataOf(picture, wish.metadata, format);
  for (const sentence of lost) log.info(sentence);
  return { colours, photo };
}

/** Writes an enlarged picture, with what it keeps of the one it was made of: greyness, dots per inch, depth and name. */
export async function finished(
  files: NodeFiles,
  image: Pipeline,
  picture: Picture,
  { colours, photo, check, ...encoding }: Finish,
): Promise<FileRef> {
  // Networks tint what is grey by a level or two. Formats of 8 bits that know no grey lose it here; others as they are written, in their depth.
  const toned = picture.grey && !FORMAT_TRAITS[encoding.format].grey ? image.greyscale() : image;
  const tagged = colours === 'own' ? toned.keepIccProfile() : toned;
  const writing = { ...encoding, photo, density: picture.density, deep: picture.deep, grey: picture.grey };
  const { path, ...hint } = await renderPicture(tagged, await files.folder(), picture.name, writing);
  await check?.(path);
  return files.adopt(path, hint);
}
