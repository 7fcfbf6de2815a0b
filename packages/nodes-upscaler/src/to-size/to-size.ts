import { choice, defineNode, model, number, port } from '@imaginarium/node-sdk';
import { openPicture, refuseFormatSize } from '@imaginarium/pictures';
import { remarksOnModel } from '../catalogue/remarks-on-model.ts';
import { encodingParams } from '../tiers/encoding-params.ts';
import { foreseeUpscale } from '../tiers/foresee-upscale.ts';
import { upscalePicture } from '../tiers/upscale-picture.ts';
import { printOf } from '../upscale/choose-passes.ts';
import { carriedOver, finished } from '../upscale/finish.ts';
import { neededMemoryMb, OWN_NETWORK_MB } from '../upscale/needed-memory.ts';
import { passesTo, targetSize } from './target-size.ts';

const pixels = { default: 0, min: 0, max: 16_384, integer: true, unit: 'px', showWhen: { target: 'custom' } } as const;

/** What `auto` may take for the first pass over a million pixels. */
const BUDGET_MS = 20_000;
/** Megabytes that the process holds beside its network at its peak. */
const BESIDE_MB = 150;
const choiceOf = (name: string) => ({ model: name, budgetMs: BUDGET_MS });

/** Makes a picture as large as it has to be, by as many passes as that takes. */
export const toSize = defineNode({
  type: 'upscaler.to-size',
  version: 1,
  title: 'Upscale to a size',
  summary: 'Makes a picture as large as a screen or a print needs it, by 2x to 16x, and exactly so large.',
  group: 'upscaler',
  icon: 'maximize',
  aliases: ['2k', '4k', '8k', 'resolution', 'wallpaper', 'enlarge', 'upscale'],
  docs: 'Keeps the shape of the picture. A picture that is large enough is made smaller, without a network. More than 16 times is refused.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    target: choice({
      title: 'Size',
      options: [
        { value: '2k', label: '2K: 2048 pixels on the long side' },
        { value: '4k', label: '4K: 3840 pixels on the long side' },
        { value: '8k', label: '8K: 7680 pixels on the long side' },
        { value: 'custom', label: 'At most this width and height' },
      ],
      default: '4k',
    }),
    width: number({ title: 'Width', help: '0 follows the height.', ...pixels }),
    height: number({ title: 'Height', help: '0 follows the width.', ...pixels }),
    model: model({ title: 'Model', help: 'Auto takes the best one installed.', task: 'super-resolution', scale: 4 }),
    ...encodingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: BESIDE_MB + OWN_NETWORK_MB },
  peakMemoryMb: ({ params, modelsFolder }) =>
    neededMemoryMb({ ...choiceOf(params.model), modelsFolder, passes: [4, 4], withFaces: false, besideMb: BESIDE_MB }),
  effects: 'pure',
  headline: ['target'],
  typicalMs: 20_000,
  // Which passes it takes depends on the picture: whatever the first one is, it is one of these two.
  fingerprint: async ({ params, modelsFolder }) =>
    `${await printOf(modelsFolder, [4, 2], choiceOf(params.model))} ${await printOf(modelsFolder, [2, 4], choiceOf(params.model))}`,
  remarks: ({ params, modelsFolder }) =>
    remarksOnModel(modelsFolder, { task: 'super-resolution', scale: 4, budgetMs: BUDGET_MS }, params.model),
  foresee: ({ params, picture, models }) => {
    if (!picture) return {};
    try {
      const size = targetSize(picture, params);
      const plan = { ...choiceOf(params.model), format: params.format, withLayers: false };
      const passes = passesTo('The picture', picture, size);
      return { ...foreseeUpscale({ ...plan, passes, size }, picture, models), picture: size };
    } catch {
      // What cannot be done is told when it is tried.
      return {};
    }
  },
  async execute({ input, params, fields, ...context }) {
    context.signal.throwIfAborted();
    const { files, progress } = context;
    const picture = await openPicture(files, input.image);
    const size = targetSize(picture, params);
    const passes = passesTo(picture.name, picture, size);
    const suffix = `-${size.width}x${size.height}`;
    if (passes.length > 0) {
      const wish = { picture, file: input.image, passes, size, suffix, budgetMs: BUDGET_MS, params };
      const { image, upscale } = await upscalePicture(wish, context);
      return { image, fields: { ...fields, upscale } };
    }
    const format = params.format === 'same' ? picture.format : params.format;
    refuseFormatSize(format, size.width, size.height);
    progress(0.5, 'Making it smaller');
    const { colours, photo } = carriedOver(picture, params, format, context.log);
    const smaller = picture.open(colours).resize({ ...size, fit: 'fill', kernel: 'lanczos3' });
    const image = await finished(files, smaller, picture, { format, quality: params.quality, suffix, colours, photo });
    return { image, fields: { ...fields, upscale: { scale: 1, models: [] } } };
  },
});
