import { defineNode, model, port } from '@imaginarium/node-sdk';
import { openPicture } from '@imaginarium/pictures';
import { chooseModel } from '../catalogue/choose-model.ts';
import { remarksOnModel } from '../catalogue/remarks-on-model.ts';
import { encodingParams } from '../tiers/encoding-params.ts';
import { foreseeUpscale } from '../tiers/foresee-upscale.ts';
import { upscalePicture } from '../tiers/upscale-picture.ts';
import { passesBy } from '../upscale/choose-passes.ts';
import { neededMemoryMb, OWN_NETWORK_MB } from '../upscale/needed-memory.ts';

/** Whatever a network makes of a picture, and in whatever time: a person chose it. */
const WISH = { task: 'super-resolution', scale: 1, budgetMs: 26_000 } as const;
/** Megabytes that the process holds beside its network at its peak. */
const BESIDE_MB = 100;

const choiceOf = (name: string) => ({ model: name, budgetMs: WISH.budgetMs });

/** Has one network redraw a picture, as much larger as that network makes it. */
export const superResolution = defineNode({
  type: 'upscaler.super-resolution',
  version: 1,
  title: 'Super-resolution',
  summary: 'Has the network that you choose redraw a picture, as much larger as that network makes it.',
  group: 'upscaler',
  icon: 'layers',
  aliases: ['model', 'network', 'own model', 'onnx', 'real-esrgan', '1x', '3x', 'enlarge', 'upscale', 'artifacts'],
  docs: 'One pass through one network, and nothing else. Networks that keep the size and repair, and those that make a picture three times as large, work here and in no other node. Import one with `imaginarium models import`. The field `upscale` of the result says how much larger it became.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    model: model({
      title: 'Model',
      help: 'Auto takes the best one installed that is quick enough on this machine.',
      task: WISH.task,
    }),
    ...encodingParams({ format: 'same', quality: 92 }),
  },
  credits: 0,
  resources: { pool: 'media', memoryMb: BESIDE_MB + OWN_NETWORK_MB },
  peakMemoryMb: ({ params, modelsFolder }) =>
    neededMemoryMb({ ...choiceOf(params.model), modelsFolder, passes: [1], withFaces: false, besideMb: BESIDE_MB }),
  priority: 5,
  concurrency: 4,
  effects: 'pure',
  headline: ['model'],
  typicalMs: 8000,
  fingerprint: async ({ params, modelsFolder }) =>
    (await chooseModel(modelsFolder, WISH, params.model).catch(() => undefined))?.entry.sha256 ??
    `unusable: ${params.model}`,
  remarks: ({ params, modelsFolder }) => remarksOnModel(modelsFolder, WISH, params.model),
  foresee: ({ params, picture, models }) => {
    const [first] = passesBy(models, [1], choiceOf(params.model)) ?? [];
    if (!first) return {};
    const passes = [first.model.entry.scale];
    const plan = { ...choiceOf(first.model.entry.name), passes, format: params.format, withLayers: false };
    return foreseeUpscale(plan, picture, models);
  },
  async execute({ input, params, fields, ...context }) {
    context.signal.throwIfAborted();
    const picture = await openPicture(context.files, input.image);
    const { entry } = await chooseModel(context.modelsFolder, WISH, params.model);
    const { image, upscale } = await upscalePicture(
      {
        ...{ picture, file: input.image, passes: [entry.scale], suffix: `-${entry.scale}x`, budgetMs: WISH.budgetMs },
        params: { ...params, model: entry.name },
      },
      context,
    );
    return { image, fields: { ...fields, upscale } };
  },
});
