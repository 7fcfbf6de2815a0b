import { defineNode, port, slider } from '@imaginarium/node-sdk';
import { gaussianReach } from '../enhance/gaussian.ts';
import { inBands, openForWork, writeWorked } from '../enhance/in-bands.ts';
import { writingParams } from '../tiers/encoding-params.ts';
import { HALO_REACH_PX, unsharp } from './unsharp.ts';

/** Makes edges and fine detail of a picture clearer. */
export const sharpen = defineNode({
  type: 'upscaler.sharpen',
  version: 1,
  title: 'Sharpen',
  summary: 'Makes edges and fine detail clearer, without light lines along dark edges.',
  group: 'upscaler',
  icon: 'focus',
  aliases: ['detail', 'unsharp mask', 'clarity', 'crisp', 'enhance'],
  docs: 'An unsharp mask on the brightness. A radius of about 1 is for detail, 10 and more with a small amount for clarity. The threshold keeps noise as it is. Halos at 0 let no pixel become lighter or darker than its neighbours were; at 100 they are as wide as the mask makes them.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    radius: slider({ title: 'Radius', help: 'In pixels.', min: 0.3, max: 30, step: 0.1, default: 1.2 }),
    amount: slider({ title: 'Amount', help: 'In percent.', min: 0, max: 300, step: 5, default: 80 }),
    threshold: slider({
      title: 'Threshold',
      help: 'Differences below it are noise, in levels of 255.',
      min: 0,
      max: 30,
      step: 0.5,
      default: 2,
    }),
    halos: slider({
      title: 'Halos',
      help: 'How much they are let through, in percent.',
      min: 0,
      max: 100,
      step: 5,
      default: 10,
      advanced: true,
    }),
    ...writingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: 300 },
  effects: 'pure',
  headline: ['radius', 'amount'],
  typicalMs: 1500,
  async execute({ input, params, ...context }) {
    context.signal.throwIfAborted();
    const picture = await openForWork(context, input.image, params);
    const wish = {
      radiusPx: params.radius,
      amount: params.amount / 100,
      threshold: params.threshold / 255,
      overshoot: params.halos === 100 ? Number.POSITIVE_INFINITY : params.halos / 100,
    };
    const image = await inBands(context, picture, {
      reachPx: gaussianReach(params.radius) + HALO_REACH_PX,
      draw: (band) => unsharp(band, wish),
    });
    return { image: await writeWorked(context, image, picture, '-sharpened', params) };
  },
});
