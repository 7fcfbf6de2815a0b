import { choice, defineNode, model, port } from '@imaginarium/node-sdk';
import { MAX_PIXELS, openPicture } from '@imaginarium/pictures';
import { remarksOnModel } from '../catalogue/remarks-on-model.ts';
import { findFaceModels, printOfFaces } from '../faces/face-models.ts';
import { printOf } from '../upscale/choose-passes.ts';
import { fittedPicture } from '../upscale/fit-picture.ts';
import { neededMemoryMb, OWN_NETWORK_MB } from '../upscale/needed-memory.ts';
import { encodingParams } from './encoding-params.ts';
import { FACE_PARAMS, facesIn } from './face-params.ts';
import { foreseeUpscale } from './foresee-upscale.ts';
import { COLOUR_PARAMS, LAYER_PARAMS } from './layer-params.ts';
import { hasStage, passesOf, scaleOf } from './stage.ts';
import type { Tier } from './tier.ts';
import { upscalePicture } from './upscale-picture.ts';

/** The node type of a tier. */
export function tierNode(tier: Tier) {
  const passes = passesOf(tier.stages);
  const suffix = `-${scaleOf(tier.stages)}x`;
  const { budgetMs } = tier;
  const withFaces = hasStage(tier.stages, 'restore-faces');
  return defineNode({
    type: tier.type,
    version: 1,
    title: tier.title,
    summary: tier.summary,
    group: 'upscaler',
    icon: 'sparkles',
    aliases: ['upscale', 'enlarge', 'super resolution', 'enhance', 'bigger', ...tier.aliases],
    docs: DOCS,
    inputs: { image: port.image() },
    outputs: { image: port.image() },
    params: {
      model: model({
        title: 'Model',
        help: 'Auto takes the best one installed that is quick enough on this machine.',
        task: 'super-resolution',
        scale: passes[0],
      }),
      ...(withFaces ? FACE_PARAMS : {}),
      ...encodingParams(tier),
      tooLarge: choice({
        title: 'An input that is too large',
        help: `Of at most ${Math.floor(MAX_PIXELS / scaleOf(tier.stages) ** 2 / 1e5) / 10} million pixels can so much be made.`,
        options: [
          { value: 'refuse', label: 'Refuse it' },
          { value: 'fit', label: 'Make it smaller first' },
        ],
        default: 'refuse',
        advanced: true,
      }),
      animation: choice({
        title: 'An animation (GIF, WebP)',
        help: 'Each frame takes as long as a picture.',
        options: [
          { value: 'first', label: 'Upscale its first frame' },
          { value: 'each', label: 'Upscale each frame, to an animated WebP' },
        ],
        default: 'first',
        advanced: true,
      }),
      ...(hasStage(tier.stages, 'merge') ? LAYER_PARAMS : tier.mayMatchColours ? COLOUR_PARAMS : {}),
    },
    credits: 0,
    resources: { pool: 'media', memoryMb: tier.besideMb + OWN_NETWORK_MB },
    peakMemoryMb: ({ params, modelsFolder }) =>
      neededMemoryMb({
        ...{ modelsFolder, passes, model: params.model, budgetMs },
        ...{ withFaces: facesIn(params) !== undefined, besideMb: tier.besideMb + matchingMb(tier, params) },
      }),
    priority: tier.priority,
    concurrency: tier.concurrency,
    effects: 'pure',
    headline: ['model'],
    typicalMs: tier.typicalMs,
    fingerprint: async ({ params, modelsFolder }) => {
      const print = await printOf(modelsFolder, passes, { model: params.model, budgetMs });
      return facesIn(params) ? `${print} ${await printOfFaces(modelsFolder)}` : print;
    },
    remarks: async ({ params, modelsFolder }) => {
      const wish = { task: 'super-resolution', scale: passes[0] ?? 2, budgetMs } as const;
      const named = await remarksOnModel(modelsFolder, wish, params.model);
      if (!facesIn(params)) return named;
      const { skipped } = await findFaceModels(modelsFolder);
      return [...named, ...skipped.map(({ reason }) => `${reason}.`)];
    },
    foresee: ({ params, picture, models }) => {
      const { model: name, format } = params;
      const withLayers = hasStage(tier.stages, 'merge') || params.matchColours === true;
      const plan = { passes, model: name, budgetMs, format, withLayers, withFaces: facesIn(params) !== undefined };
      return foreseeUpscale(plan, picture, models);
    },
    async execute({ input, params, fields, ...context }) {
      context.signal.throwIfAborted();
      const whole = await openPicture(context.files, input.image);
      const picture = params.tooLarge === 'fit' ? fittedPicture(whole, scaleOf(tier.stages)) : whole;
      if (picture !== whole)
        context.log.warn(
          `${whole.name} has ${whole.width} x ${whole.height} pixels, too many to make so much of them: it was made smaller first, to ${picture.width} x ${picture.height}.`,
        );
      const faces = facesIn(params);
      const wish = { picture, file: input.image, passes, suffix, budgetMs, params, faces, stages: tier.stages };
      const { image, upscale } = await upscalePicture(wish, context);
      return { image, fields: { ...fields, upscale } };
    },
  });
}

/** Megabytes for the pixels of the input, with which those of the result are compared; in tiers with layers that is in what they hold beside. */
const MATCHING_MB = 140;

function matchingMb({ stages }: Tier, { matchColours }: { matchColours?: boolean }): number {
  return matchColours && !hasStage(stages, 'merge') ? MATCHING_MB : 0;
}

const DOCS =
  'Works with the networks that come with it; put larger ones in the models folder to choose among more. The model does the first pass; later passes, which mostly enlarge what the first one drew, use the small networks that come with this package. The field `upscale` of the result says what was used.';
