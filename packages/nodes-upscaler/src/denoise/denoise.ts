import { defineNode, port, slider } from '@imaginarium/node-sdk';
import { inBands, openForWork, writeWorked } from '../enhance/in-bands.ts';
import { writingParams } from '../tiers/encoding-params.ts';
import { DENOISE_REACH_PX, smoothNoise } from './smooth-noise.ts';

/** The strongest noise that is taken out, as a standard deviation of values from 0 to 1. */
const MOST_LUMA = 0.12;
const MOST_COLOUR = 0.2;

/** Takes noise out of a picture. */
export const denoise = defineNode({
  type: 'upscaler.denoise',
  version: 1,
  title: 'Denoise',
  summary: 'Takes noise out of a picture, in brightness and in colour, and leaves its edges.',
  group: 'upscaler',
  icon: 'waves',
  aliases: ['noise', 'grain', 'smooth', 'clean', 'high iso', 'enhance'],
  docs: 'What varies no more than the noise becomes the mean of its surroundings (a guided filter); what varies more stays. Use it before an upscale: networks draw noise as texture. Fine grain takes 20 to 40, a photo taken in the dark 60 and more; beyond that skin and cloth become smooth too.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    brightness: slider({ title: 'Brightness noise', help: 'Grain.', min: 0, max: 100, step: 1, default: 35 }),
    colour: slider({
      title: 'Colour noise',
      help: 'Specks of colour, above all in the dark.',
      min: 0,
      max: 100,
      step: 1,
      default: 50,
    }),
    ...writingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: 300 },
  effects: 'pure',
  headline: ['brightness', 'colour'],
  typicalMs: 1500,
  async execute({ input, params, ...context }) {
    context.signal.throwIfAborted();
    const picture = await openForWork(context, input.image, params);
    // Squares: the first steps of a slider are the fine ones.
    const strength = {
      luma: MOST_LUMA * (params.brightness / 100) ** 2,
      colour: MOST_COLOUR * (params.colour / 100) ** 2,
    };
    const image = await inBands(context, picture, {
      reachPx: DENOISE_REACH_PX,
      draw: (band) => smoothNoise(band, strength),
    });
    return { image: await writeWorked(context, image, picture, '-denoised', params) };
  },
});
