import { asset, choice, defineNode, emit, port } from '@imaginarium/node-sdk';
import { UPSCALE_TIERS, type UpscaleTier } from '@imaginarium/protocol';

/** Stands in for the packages that upscale: the same types and ports, and a form of one param. */
export const testUpscaler = [
  defineNode({
    type: 'input.image',
    version: 1,
    title: 'Image',
    summary: 'Brings pictures in.',
    group: 'input',
    icon: 'image',
    inputs: {},
    outputs: { image: port.image() },
    params: { images: asset({ title: 'Pictures', accept: ['image'], multiple: true, required: true }) },
    effects: 'pure',
    yields: ({ params }) => params.images.length,
    execute: ({ params }) => ({
      image: emit(params.images.map((value, index) => ({ value, fields: { number: index + 1 } }))),
    }),
  }),
  ...(Object.keys(UPSCALE_TIERS) as UpscaleTier[]).map((tier) =>
    defineNode({
      type: `upscaler.${tier}`,
      version: 1,
      title: 'Upscale',
      summary: 'Makes a picture larger.',
      group: 'upscaler',
      icon: 'sparkles',
      inputs: { image: port.image() },
      outputs: { image: port.image() },
      params: { format: choice({ title: 'Format', options: ['same', 'png'], default: 'same' }) },
      credits: 0,
      effects: 'pure',
      remarks: () =>
        tier === 'standard' ? ['Faces are not restored: install it with: imaginarium models pull x.'] : [],
      execute: ({ input, fields }) => ({ image: input.image, fields: { ...fields, upscale: {} } }),
    }),
  ),
];
