import { defineNode, port, slider } from '@imaginarium/node-sdk';
import { inBands, openForWork, writeWorked } from '../enhance/in-bands.ts';
import { writingParams } from '../tiers/encoding-params.ts';
import { ColourCorrection } from './correction.ts';
import { measureColours } from './measure-colours.ts';

const percent = { min: -100, max: 100, step: 1, default: 0 } as const;

/** Puts the light and the colours of a picture right. */
export const colourCorrect = defineNode({
  type: 'upscaler.colour-correct',
  version: 1,
  title: 'Correct colours',
  summary: 'Puts light and colours right: levels and white balance by themselves, the rest by hand.',
  group: 'upscaler',
  icon: 'palette',
  aliases: ['auto enhance', 'white balance', 'exposure', 'levels', 'saturation', 'contrast', 'brightness', 'color'],
  docs: 'Levels: the darkest and lightest half percent become black and white. White balance: the lights of the picture become grey in the mean; it mends a cast of lamps or shade, and errs where all that a picture shows has one colour. Both are amounts: 100 is all of it, 0 nothing. The order is white balance, temperature, exposure, levels, contrast, saturation.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    levels: slider({ title: 'Auto levels', min: 0, max: 100, step: 1, default: 80 }),
    whiteBalance: slider({ title: 'Auto white balance', min: 0, max: 100, step: 1, default: 50 }),
    exposure: slider({
      title: 'Exposure',
      help: 'In stops: 1 is twice the light.',
      min: -3,
      max: 3,
      step: 0.1,
      default: 0,
    }),
    contrast: slider({ title: 'Contrast', ...percent }),
    saturation: slider({ title: 'Saturation', help: '-100 is grey.', ...percent }),
    temperature: slider({ title: 'Temperature', help: 'Below 0 bluer, above it warmer.', ...percent }),
    ...writingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: 250 },
  effects: 'pure',
  headline: ['levels', 'whiteBalance', 'exposure'],
  typicalMs: 800,
  async execute({ input, params, ...context }) {
    context.signal.throwIfAborted();
    const picture = await openForWork(context, input.image, params);
    const correction = await measureColours(picture, {
      levels: params.levels / 100,
      // What is grey has no cast to take out.
      whiteBalance: picture.grey ? 0 : params.whiteBalance / 100,
      temperature: picture.grey ? 0 : params.temperature / 100,
      exposure: params.exposure,
      contrast: params.contrast / 100,
      saturation: params.saturation / 100,
    });
    const colours = new ColourCorrection(correction);
    const image = await inBands(context, picture, { reachPx: 0, draw: (band) => colours.apply(band) });
    return { image: await writeWorked(context, image, picture, '-corrected', params) };
  },
});
