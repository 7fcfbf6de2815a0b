import { fileURLToPath } from 'node:url';
import { loadSharp, type Overlay } from '@imaginarium/pictures';
import type { Size } from './slide-size.ts';

/** Text written on a slide. */
export interface Caption {
  text: string;
  position: 'top' | 'centre' | 'bottom';
  /** `#rrggbb`. */
  colour: string;
  /** Height of a capital line as a share of the slide's width, before long text is made smaller to fit. */
  size: number;
}

/** Comes with the package, so that captions look the same on every machine and need no font installed. */
const FONT_FILE = fileURLToPath(new URL('../../fonts/inter-semibold.ttf', import.meta.url));
const FONT = 'Inter SemiBold';

/** Shares of the slide: free space at each side, and the most that text may cover from top to bottom. */
const MARGIN = 0.08;
const MAX_HEIGHT = 0.5;
/** Below this many pixels nobody reads a caption; text that still does not fit is cut off at the slide's edge. */
const MIN_FONT_PX = 8;

/**
 * Draws a caption: text wrapped at words and made smaller until it fits, over a soft shadow that keeps it readable on any picture.
 * @returns the layers to put on the slide, none for a caption that is empty.
 */
export async function drawCaption(caption: Caption, slide: Size): Promise<Overlay[]> {
  const text = printable(caption.text);
  if (text === '') return [];
  const drawn = await fittingText({ ...caption, text }, slide);
  const margin = Math.round(slide.width * MARGIN);
  const left = Math.max(0, Math.round((slide.width - drawn.width) / 2));
  const top = Math.max(0, topOf(caption.position, drawn.height, slide.height, margin));
  const { spread, ...shadow } = await shadowOf(drawn, caption.colour);
  return [await placed(shadow, left - spread, top - spread, slide), await placed(drawn, left, top, slide)];
}

/** What can be drawn of a text: line breaks as one character, no other control characters, no space around. */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n]/gu, '')
    .trim();
}

/** A text as Pango markup that shows exactly that text. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Layer extends Size {
  image: Buffer;
}

interface Drawn extends Layer {
  fontPx: number;
}

async function fittingText(caption: Caption, slide: Size): Promise<Drawn> {
  const width = Math.round(slide.width * (1 - 2 * MARGIN));
  const maxHeight = slide.height * MAX_HEIGHT;
  for (let fontPx = Math.max(MIN_FONT_PX, Math.round(slide.width * caption.size)); ; ) {
    const drawn = await drawText(caption, fontPx, width);
    if (drawn.height <= maxHeight || fontPx === MIN_FONT_PX) return drawn;
    // Area grows with the square of the size, so the root of the excess lands close to the fit.
    const next = Math.floor(fontPx * Math.min(0.95, Math.sqrt(maxHeight / drawn.height)));
    fontPx = Math.max(MIN_FONT_PX, next);
  }
}

async function drawText({ text, colour }: Caption, fontPx: number, width: number): Promise<Drawn> {
  const sharp = await loadSharp();
  const { data, info } = await sharp({
    text: {
      text: `<span foreground="${colour}">${escapeMarkup(text)}</span>`,
      font: `${FONT} ${fontPx}`,
      fontfile: FONT_FILE,
      // At 72 dpi a point is a pixel.
      dpi: 72,
      width,
      wrap: 'word-char',
      align: 'centre',
      rgba: true,
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer({ resolveWithObject: true });
  return { image: data, width: info.width, height: info.height, fontPx };
}

/** A layer at its place, without what would lie outside the slide. */
async function placed(layer: Layer, left: number, top: number, slide: Size): Promise<Overlay> {
  const area = {
    left: Math.max(0, -left),
    top: Math.max(0, -top),
    width: Math.min(layer.width, slide.width - left) - Math.max(0, -left),
    height: Math.min(layer.height, slide.height - top) - Math.max(0, -top),
  };
  const place = { left: Math.max(0, left), top: Math.max(0, top) };
  if (area.width === layer.width && area.height === layer.height) return { input: layer.image, ...place };
  const sharp = await loadSharp();
  return { input: await sharp(layer.image).extract(area).png({ compressionLevel: 1 }).toBuffer(), ...place };
}

function topOf(position: Caption['position'], height: number, slideHeight: number, margin: number): number {
  switch (position) {
    case 'top':
      return margin;
    case 'centre':
      return Math.round((slideHeight - height) / 2);
    case 'bottom':
      return slideHeight - margin - height;
  }
}

/** The text's shape, blurred, in black under light text and in white under dark text. */
async function shadowOf(drawn: Drawn, colour: string): Promise<Layer & { spread: number }> {
  const sharp = await loadSharp();
  const blur = Math.max(1, drawn.fontPx * 0.2);
  const spread = Math.ceil(blur * 3);
  // In a pipeline of its own: of two channels taken out in one, sharp takes only the last, after everything else.
  const alpha = await sharp(drawn.image)
    .extractChannel('alpha')
    .toColourspace('b-w')
    .png({ compressionLevel: 1 })
    .toBuffer();
  const shape = await sharp(alpha)
    .extend({ top: spread, bottom: spread, left: spread, right: spread, background: '#000000' })
    .blur(blur)
    // Thin strokes lose most of their darkness in the blur: it is given back.
    .linear(1.25, 0)
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = shape.info;
  const image = await sharp({
    create: { width, height, channels: 3, background: isLight(colour) ? '#000000' : '#ffffff' },
  })
    .joinChannel(shape.data, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return { image, width, height, spread };
}

function isLight(colour: string): boolean {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 > 127;
}
