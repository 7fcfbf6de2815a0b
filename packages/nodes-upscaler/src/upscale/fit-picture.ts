import { MAX_PIXELS, type Picture } from '@imaginarium/pictures';

/** Whether the result of a picture would have more pixels than are made. */
export function isTooLarge({ width, height }: Picture, scale: number): boolean {
  return width * scale * height * scale > MAX_PIXELS;
}

/**
 * A picture made so small that what it becomes has as many pixels as are made at most; the same one where it is small enough. Its shape stays.
 * @param scale how much longer each side becomes.
 */
export function fittedPicture(picture: Picture, scale: number): Picture {
  if (!isTooLarge(picture, scale)) return picture;
  const most = Math.floor(MAX_PIXELS / (scale * scale));
  const factor = Math.sqrt(most / (picture.width * picture.height));
  const width = Math.max(1, Math.floor(picture.width * factor));
  // A strip of one pixel cannot become thinner, so what is left of the pixels is its length.
  const height = Math.max(1, Math.min(Math.floor(picture.height * factor), Math.floor(most / width)));
  return sizedPicture(picture, { width: Math.min(width, Math.floor(most / height)), height });
}

/** A picture in another size; the same one where it has that size already. */
export function sizedPicture(picture: Picture, size: { width: number; height: number }): Picture {
  const { width, height } = size;
  if (picture.width === width && picture.height === height) return picture;
  const open: Picture['open'] = (colours) =>
    picture.open(colours).resize({ width, height, fit: 'fill', kernel: 'lanczos3' });
  return { ...picture, width, height, open };
}
