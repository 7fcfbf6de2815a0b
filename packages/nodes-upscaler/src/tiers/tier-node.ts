import { choice, defineNode, model, port, slider } from '@imaginarium/node-sdk';
import { FORMAT_TRAITS, openPicture, PICTURE_FORMATS, refuseFormatSize } from '@imaginarium/pictures';
import { refuseResultSize } from '../upscale/check-room.ts';
import { choosePasses } from '../upscale/choose-passes.ts';
import { finished } from '../upscale/finish.ts';
import { enlargedByNetworks } from '../upscale/render.ts';
import { scaleOf, type Tier } from './tier.ts';

/** The node type of a tier. */
export function tierNode(tier: Tier) {
  const scale = scaleOf(tier);
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
        help: 'Auto takes the best one installed.',
        task: 'super-resolution',
        scale: tier.passes[0],
      }),
      format: choice({
        title: 'Format',
        options: [
          { value: 'same', label: 'Same as the input' },
          ...PICTURE_FORMATS.map((value) => ({ value, label: FORMAT_TRAITS[value].title })),
        ],
        default: tier.format,
      }),
      quality: slider({
        title: 'Quality',
        help: 'PNG and TIFF keep everything whatever it says.',
        min: 1,
        max: 100,
        step: 1,
        default: tier.quality,
        showWhen: { format: { in: ['same', ...PICTURE_FORMATS.filter((format) => FORMAT_TRAITS[format].lossy)] } },
      }),
    },
    credits: 0,
    resources: { pool: 'media', memoryMb: tier.memoryMb },
    priority: tier.priority,
    concurrency: tier.concurrency,
    effects: 'pure',
    headline: ['model'],
    typicalMs: tier.typicalMs,
    // A model that cannot be used fails the execution itself, where it is told; the key only has to differ from that of any result.
    fingerprint: async ({ params, modelsFolder }) => {
      const models = await choosePasses(modelsFolder, tier.passes, params.model).catch(() => undefined);
      return models?.map(({ entry }) => entry.sha256).join(' ') ?? `unusable: ${params.model}`;
    },
    async execute({ input, params, fields, files, log, progress, signal, modelsFolder }) {
      signal.throwIfAborted();
      const picture = await openPicture(files, input.image);
      const format = params.format === 'same' ? picture.format : params.format;
      refuseResultSize(picture, scale);
      refuseFormatSize(format, picture.width * scale, picture.height * scale);
      const models = await choosePasses(modelsFolder, tier.passes, params.model);
      const names = [...new Set(models.map(({ entry }) => entry.title))];
      log.info(`Upscaled by ${names.length === 1 ? 'the network' : 'the networks'} ${names.join(' and ')}.`);
      if (picture.frames > 1) log.warn(`${picture.name} has ${picture.frames} frames; only the first is upscaled.`);
      if (picture.metadata.length > 0)
        log.info(`The data about the photo in ${picture.name} (${picture.metadata.join(', ')}) are not in the result.`);

      const image = await enlargedByNetworks({
        ...{ picture, models, passes: tier.passes, signal },
        ...{ source: input.image.id, folder: await files.lastingFolder() },
        progress: (share, message) => progress(0.95 * share, message),
        info: (message) => log.info(message),
        warn: (message) => log.warn(message),
      });
      progress(0.95, 'Writing the result');
      return {
        image: await finished(files, image, picture, { format, quality: params.quality, suffix: `-${scale}x` }),
        fields: { ...fields, upscale: { scale, models: models.map(({ entry }) => entry.name) } },
      };
    },
  });
}

const DOCS =
  'Works with the networks that come with it; put larger ones in the models folder to choose among more. The model does the first pass; later passes, which mostly enlarge what the first one drew, use the small networks that come with this package. The field `upscale` of the result says what was used.';
