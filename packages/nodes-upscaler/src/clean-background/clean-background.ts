import { choice, colour, defineNode, port, slider } from '@imaginarium/node-sdk';
import { decoding, FORMAT_TRAITS, type Picture } from '@imaginarium/pictures';
import { inBands, openForWork, writeWorked } from '../enhance/in-bands.ts';
import { writingParams } from '../tiers/encoding-params.ts';
import { findBackground, type Sample } from './find-background.ts';
import { backgroundShare, type Replacement, replaceBackground } from './replace-background.ts';

/** The background is looked for in a copy of at most so many pixels a side. */
const SAMPLE_PX = 640;
/** At least so much of the picture's edge has to be of one colour. */
const LEAST_SHARE = 0.5;
/** The largest distance of colours that the param goes to, from 0 to 1. */
const MOST_DISTANCE = 0.4;

/** Makes the flat background of a picture a pure colour, or transparent. */
export const cleanBackground = defineNode({
  type: 'upscaler.clean-background',
  version: 1,
  title: 'Clean background',
  summary: 'Makes a flat background, such as a backdrop or paper, one pure colour or transparent.',
  group: 'upscaler',
  icon: 'eraser',
  aliases: ['white background', 'product photo', 'cut out', 'remove background', 'backdrop', 'transparent'],
  docs: 'The background is what has the colour of the edge of the picture and hangs together with it; light that falls off evenly is allowed for. Outlines stay soft, and lose what the old background lent them. For products on a backdrop and scans: where less than half of the edge has one colour, the picture is left as it is, the log says so, and the field `background` is `none`; otherwise it is `cleaned`.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    to: choice({
      title: 'Make it',
      options: [
        { value: 'colour', label: 'A colour' },
        { value: 'transparent', label: 'Transparent (PNG, WebP, AVIF, TIFF)' },
      ],
      default: 'colour',
    }),
    colour: colour({ title: 'Colour', default: '#ffffff', showWhen: { to: 'colour' } }),
    tolerance: slider({
      title: 'Tolerance',
      help: 'How far colours may be from that of the edge.',
      min: 1,
      max: 100,
      step: 1,
      default: 20,
    }),
    softness: slider({ title: 'Softness', help: 'How softly it ends.', min: 1, max: 100, step: 1, default: 30 }),
    ...writingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: 300 },
  effects: 'pure',
  headline: ['to', 'tolerance'],
  typicalMs: 1500,
  async execute({ input, params, fields, ...context }) {
    context.signal.throwIfAborted();
    const picture = await openForWork(context, input.image, params);
    const isClear = params.to === 'transparent';
    // A JPEG has no transparency.
    const own = isClear && !FORMAT_TRAITS[picture.format].alpha ? 'png' : params.format;
    const writing = { ...params, format: params.format === 'same' ? own : params.format };
    const sample = await sampleOf(picture);
    const tolerance = MOST_DISTANCE * (params.tolerance / 100);
    const background = findBackground(sample, tolerance);
    if (!background || background.share < LEAST_SHARE) {
      context.log.warn(
        `${picture.name} has no flat background: ${Math.round(100 * (background?.share ?? 0))}% of its edge have one colour, and at least ${100 * LEAST_SHARE}% are needed. It is left as it is.`,
      );
      return { image: input.image, fields: { ...fields, background: 'none' } };
    }
    const wish: Replacement = {
      ...{ background, sample, tolerance, height: picture.height },
      softness: 0.02 + MOST_DISTANCE * (params.softness / 100),
      colour: isClear ? undefined : rgbOf(params.colour),
    };
    const image = await inBands(context, picture, {
      reachPx: 0,
      draw: (band, top) => replaceBackground(band, top, wish),
      visible: isClear ? (band, top) => backgroundShare(band, top, wish).map((share) => 1 - share) : undefined,
    });
    // A colour is no shade of grey, even where the picture was grey.
    const shown = isClear ? picture : { ...picture, grey: picture.grey && isGrey(params.colour) };
    return {
      image: await writeWorked(context, image, shown, '-clean', writing),
      fields: { ...fields, background: 'cleaned' },
    };
  },
});

async function sampleOf(picture: Picture): Promise<Sample> {
  const image = picture
    .open()
    .resize({ width: SAMPLE_PX, height: SAMPLE_PX, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' });
  const { data, info } = await decoding(picture.name, () => image.toBuffer({ resolveWithObject: true }));
  return { data, width: info.width, height: info.height };
}

/** A colour of `#rrggbb` as red, green and blue from 0 to 1. */
function rgbOf(hex: string): [number, number, number] {
  const part = (from: number) => Number.parseInt(hex.slice(from, from + 2), 16) / 255;
  return [part(1), part(3), part(5)];
}

function isGrey(hex: string): boolean {
  const [red, green, blue] = rgbOf(hex);
  return red === green && green === blue;
}
