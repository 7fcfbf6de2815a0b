import {
  choice,
  defineNode,
  type FileRef,
  type JsonObject,
  model,
  type NodeFiles,
  port,
  slider,
} from '@imaginarium/node-sdk';
import {
  FORMAT_TRAITS,
  loadSharp,
  MAX_PIXELS,
  openPicture,
  PICTURE_FORMATS,
  type Picture,
  type Pipeline,
  refuseFormatSize,
  writePicture,
} from '@imaginarium/pictures';
import { type Choice, chooseModel } from '../catalogue/choose-model.ts';
import { loadNetwork } from '../inference/network.ts';
import { refuseFullDisk, refuseResultSize } from '../upscale/check-room.ts';
import { enlarge } from '../upscale/enlarge.ts';

const SCALE = 2;
const WISH = { task: 'super-resolution', scale: SCALE } as const;

/** Doubles a picture's sides, by a network when one is installed. */
export const free = defineNode({
  type: 'upscaler.free',
  version: 1,
  title: 'Upscale 2x',
  summary: 'Doubles the width and height of a picture and sharpens its detail.',
  group: 'upscaler',
  icon: 'sparkles',
  aliases: ['upscale', 'enlarge', 'super resolution', 'enhance', 'double', 'bigger'],
  docs: 'Needs a super-resolution model in the models folder. Without one the picture is resampled with Lanczos, which adds no detail; the field `upscale` of the result says which it was.',
  inputs: { image: port.image() },
  outputs: { image: port.image() },
  params: {
    model: model({ title: 'Model', help: 'Auto takes the best one installed.', task: WISH.task, scale: SCALE }),
    format: choice({
      title: 'Format',
      options: [
        { value: 'same', label: 'Same as the input' },
        ...PICTURE_FORMATS.map((value) => ({ value, label: FORMAT_TRAITS[value].title })),
      ],
      default: 'same',
    }),
    quality: slider({
      title: 'Quality',
      help: 'PNG and TIFF keep everything whatever it says.',
      min: 1,
      max: 100,
      step: 1,
      default: 92,
      showWhen: { format: { in: ['same', ...PICTURE_FORMATS.filter((format) => FORMAT_TRAITS[format].lossy)] } },
    }),
  },
  credits: 0,
  // The largest measured peak of the catalogue's networks, and rows of the picture before and after.
  resources: { pool: 'media', memoryMb: 480 },
  effects: 'pure',
  headline: ['model'],
  typicalMs: 6000,
  // A model that cannot be used fails the execution itself, where it is told; the key only has to differ from that of any result.
  fingerprint: async ({ params, modelsFolder }) => {
    const chosen = await chooseModel(modelsFolder, WISH, params.model).catch(() => undefined);
    return chosen ? (chosen.model?.entry.sha256 ?? 'lanczos') : `unusable: ${params.model}`;
  },
  async execute({ input, params, fields, files, log, progress, signal, modelsFolder }) {
    signal.throwIfAborted();
    const picture = await openPicture(files, input.image);
    const format = params.format === 'same' ? picture.format : params.format;
    refuseResultSize(picture, SCALE);
    refuseFormatSize(format, picture.width * SCALE, picture.height * SCALE);
    const chosen = await chooseModel(modelsFolder, WISH, params.model);
    if (chosen.model) log.info(chosen.note);
    else log.warn(chosen.note);
    if (picture.frames > 1) log.warn(`${picture.name} has ${picture.frames} frames; only the first is upscaled.`);
    if (picture.metadata.length > 0)
      log.info(`The data about the photo in ${picture.name} (${picture.metadata.join(', ')}) are not in the result.`);

    const image = await (chosen.model ? enlarged(chosen.model) : resampled(picture));
    progress(0.95, 'Writing the result');
    return {
      image: await finished(files, image, picture, { format, quality: params.quality }),
      fields: { ...fields, upscale: report(chosen) },
    };

    async function enlarged(found: NonNullable<Choice['model']>): Promise<Pipeline> {
      const folder = await files.folder();
      await refuseFullDisk(picture, SCALE, folder);
      const network = await loadNetwork(found);
      const path = await enlarge({
        picture,
        network,
        scale: SCALE,
        folder,
        signal,
        progress: (done, total) => progress((0.95 * done) / total, `Tile ${done} of ${total}`),
        warn: (message) => log.warn(message),
      });
      const sharp = await loadSharp();
      return sharp(path, { limitInputPixels: MAX_PIXELS });
    }
  },
});

function resampled(picture: Picture): Pipeline {
  return picture
    .open()
    .resize({ width: picture.width * SCALE, height: picture.height * SCALE, fit: 'fill', kernel: 'lanczos3' });
}

function finished(
  files: NodeFiles,
  image: Pipeline,
  picture: Picture,
  encoding: { format: Picture['format']; quality: number },
): Promise<FileRef> {
  // Networks tint what is grey by a level or two.
  const toned = picture.grey ? image.greyscale() : image;
  // A density alone would bring all EXIF data with it.
  const printed = picture.density ? toned.withExif({}).withDensity(picture.density) : toned;
  return writePicture(files, printed, picture.name, { ...encoding, deep: picture.deep, suffix: `-${SCALE}x` });
}

/** What the result says about how it was made: the field `upscale`. Its note is shown as a warning, so a network needs none. */
function report({ model: found, note }: Choice): JsonObject {
  return {
    method: found ? 'network' : 'lanczos',
    model: found?.entry.name ?? null,
    scale: SCALE,
    note: found ? '' : note,
  };
}
