import type { FileRef, InputItem } from '@imaginarium/node-sdk';
import { type Encoding, FORMAT_TRAITS, renderPicture, type WrittenPicture } from '@imaginarium/pictures';
import { fillNames } from '../text/fill-names.ts';
import { type Caption, drawCaption } from './caption.ts';
import type { BareSlide } from './render-slides.ts';
import type { Size } from './slide-size.ts';

/** What turns bare slides into files. */
export interface Finish {
  /** The execution's own folder. */
  folder: string;
  slide: Size;
  /** Its text has `{name}` for fields of the item, `{slide}` and `{slides}`. */
  caption: Caption;
  encoding: Encoding;
  signal: AbortSignal;
  progress(share: number, message: string): void;
}

/**
 * Writes the caption on each slide and encodes it.
 * @returns the slides as files, in order, and the names in captions that no field has.
 */
export async function finishSlides(
  slides: readonly BareSlide[],
  items: readonly InputItem<FileRef>[],
  { folder, slide, caption, encoding, signal, progress }: Finish,
): Promise<{ written: WrittenPicture[]; unknown: string[] }> {
  const written: WrittenPicture[] = [];
  const unknown = new Set<string>();
  const digits = Math.max(2, String(slides.length).length);
  for (const [index, { open, name, from }] of slides.entries()) {
    signal.throwIfAborted();
    const number = index + 1;
    const filled = fillNames(caption.text, { slide: number, slides: slides.length }, items[from]?.fields ?? {});
    for (const entry of filled.unknown) unknown.add(entry);
    const layers = await drawCaption({ ...caption, text: filled.text }, slide);
    const image = layers.length === 0 ? open() : open().composite(layers);
    const picture = await renderPicture(image, folder, name, encoding);
    const fileName = `slide-${String(number).padStart(digits, '0')}.${FORMAT_TRAITS[encoding.format].extension}`;
    written.push({ ...picture, name: fileName });
    progress((0.9 * number) / slides.length, `Slide ${number} of ${slides.length}`);
  }
  return { written, unknown: [...unknown] };
}
