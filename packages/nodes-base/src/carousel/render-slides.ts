import { join } from 'node:path';
import type { FileRef, NodeFiles } from '@imaginarium/node-sdk';
import { decoding, loadSharp, MAX_PIXELS, openPicture, type Picture, type Pipeline } from '@imaginarium/pictures';
import { sliceStrip, slidesFor, stripSize } from './panorama.ts';
import type { Size } from './slide-size.ts';

/** How pictures are laid into slides. */
export interface SlideLayout {
  slide: Size;
  fit: 'cover' | 'contain';
  /** `#rrggbb`, behind what is transparent or left free. */
  background: string;
}

/** Pixels of one slide before its caption, and the input picture it comes from. */
export interface BareSlide {
  name: string;
  /** Position of the picture on the input port. */
  from: number;
  open(): Pipeline;
}

/** One slide for each picture. */
export async function slidesOfImages(
  files: NodeFiles,
  images: readonly FileRef[],
  layout: SlideLayout,
): Promise<BareSlide[]> {
  const slides: BareSlide[] = [];
  for (const [from, image] of images.entries()) {
    const picture = await openPicture(files, image);
    slides.push({ name: picture.name, from, open: () => laidOut(picture, layout.slide, layout) });
  }
  return slides;
}

/**
 * Several slides of each picture, that continue one another without a gap: the picture is scaled to the whole strip once, so the
 * slides meet as if they had never been cut.
 * @param count slides of each picture; 0 takes what fits its shape best.
 */
export async function slidesOfPanoramas(
  files: NodeFiles,
  images: readonly FileRef[],
  layout: SlideLayout,
  count: number,
): Promise<BareSlide[]> {
  const sharp = await loadSharp();
  const folder = await files.folder();
  const slides: BareSlide[] = [];
  for (const [from, image] of images.entries()) {
    const picture = await openPicture(files, image);
    const parts = count === 0 ? slidesFor(picture, layout.slide) : count;
    // On disk and uncompressed: memory does not grow with the number of slides, and each is cut out without reading the others.
    const strip = join(folder, `strip-${from}.tiff`);
    const whole = laidOut(picture, stripSize(layout.slide, parts), layout).tiff({ compression: 'none' });
    await decoding(picture.name, () => whole.toFile(strip));
    for (const area of sliceStrip(layout.slide, parts))
      slides.push({
        name: picture.name,
        from,
        open: () => sharp(strip, { limitInputPixels: MAX_PIXELS }).extract(area),
      });
  }
  return slides;
}

function laidOut(picture: Picture, size: Size, { fit, background }: SlideLayout): Pipeline {
  return picture
    .open()
    .flatten({ background })
    .resize({ ...size, fit, background, kernel: 'lanczos3' });
}
