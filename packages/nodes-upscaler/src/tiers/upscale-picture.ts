import type { BaseContext, FileRef, JsonObject } from '@imaginarium/node-sdk';
import { type Picture, photoDataOf, refuseFormatSize } from '@imaginarium/pictures';
import { findFaceModels } from '../faces/face-models.ts';
import { FaceWork, type RestoreWish } from '../faces/face-work.ts';
import { loadNetwork } from '../inference/network.ts';
import type { LayerWork } from '../layers/put-together.ts';
import { readBack } from '../layers/read-back.ts';
import { refuseResultSize } from '../upscale/check-room.ts';
import { choosePasses, shippedPasses } from '../upscale/choose-passes.ts';
import type { Pass } from '../upscale/enlarge-pass.ts';
import { finished } from '../upscale/finish.ts';
import { enlargedByNetworks } from '../upscale/render.ts';
import type { EncodingWish } from './encoding-params.ts';
import { hasStage, type Stage } from './stage.ts';

/** What an upscaler node was asked for. */
export interface UpscaleWish {
  picture: Picture;
  /** The picture's file. */
  file: FileRef;
  /** The scale of each way through a network. */
  passes: readonly number[];
  /** Pixels of the result, where that is not the product of all scales: what is more is resampled away. */
  size?: { width: number; height: number };
  /** What the name of the result says after that of the picture. */
  suffix: string;
  /** What `auto` may take for the first pass over a million pixels, in milliseconds. */
  budgetMs: number;
  params: EncodingWish & { model: string; matchColours?: boolean; background?: boolean };
  /** Which faces are restored on the way, and how; left out, none are. */
  faces?: RestoreWish | undefined;
  /** The stages of the tier, where a tier it is: those after the enlargement are done as the params say. */
  stages?: readonly Stage[];
}

/** Of the whole work, where there are faces to restore. */
const SHARE_OF_FACES = 0.2;

/**
 * The work that all upscaler nodes have in common: checks before it starts, networks, and a file.
 * @returns the picture, and what a field of its item says of how it was made.
 * @throws {NonRetryableError} when the picture, the result or the model cannot be.
 */
export async function upscalePicture(
  { picture, file, passes, size, suffix, budgetMs, params, faces: wish, stages = [] }: UpscaleWish,
  {
    files,
    log,
    progress,
    signal,
    modelsFolder,
  }: Pick<BaseContext, 'files' | 'log' | 'progress' | 'signal' | 'modelsFolder'>,
): Promise<{ image: FileRef; upscale: JsonObject }> {
  const scale = passes.reduce((product, each) => product * each, 1);
  const format = params.format === 'same' ? picture.format : params.format;
  const { width, height } = size ?? { width: picture.width * scale, height: picture.height * scale };
  refuseResultSize(picture, scale);
  refuseFormatSize(format, width, height);
  const models = await choosePasses(modelsFolder, passes, { model: params.model, budgetMs });
  const names = [...new Set(models.map(({ entry }) => entry.title))];
  log.info(`Upscaled by ${names.length === 1 ? 'the network' : 'the networks'} ${names.join(' and ')}.`);
  if (picture.frames > 1) log.warn(`${picture.name} has ${picture.frames} frames; only the first is upscaled.`);
  const colours = params.colours === 'own' && picture.profile ? 'own' : 'srgb';
  if (params.colours === 'own' && colours === 'srgb')
    log.info(`${picture.name} has no colour profile for red, green and blue: its colours are sRGB in the result.`);
  const { data: photo, lost } = photoDataOf(picture, params.metadata, format);
  for (const sentence of lost) log.info(sentence);

  const job = {
    ...{ picture, signal, source: file.id, folder: await files.lastingFolder() },
    info: (message: string) => log.info(message),
    warn: (message: string) => log.warn(message),
  };
  const faces =
    wish &&
    (await FaceWork.begin({
      ...{ ...job, wish, models: await findFaceModels(modelsFolder) },
      progress: (share, message) => progress(SHARE_OF_FACES * share, message),
    }));
  const layers: LayerWork | undefined = hasStage(stages, 'merge')
    ? {
        matchColours: params.matchColours ?? true,
        background: hasStage(stages, 'background') && (params.background ?? true),
        quality: hasStage(stages, 'quality') ? () => ownPasses(modelsFolder, passes) : undefined,
        except: faces?.areas ?? [],
      }
    : undefined;
  const begun = faces?.hasWork ? SHARE_OF_FACES : 0;
  const enlarged = await enlargedByNetworks({
    ...{ ...job, colours, models, passes, layers, faces: faces?.hasWork ? faces : undefined },
    progress: (share, message) => progress(begun + (0.95 - begun) * share, message),
  });
  progress(0.95, 'Writing the result');
  const image = size ? enlarged.resize({ width, height, fit: 'fill', kernel: 'lanczos3' }) : enlarged;
  const check = layers?.quality
    ? async (path: string) => {
        progress(0.98, 'Reading the file back');
        const mean = await readBack(path, picture, { width, height }, colours);
        log.info(`The file was read back to its end; it differs from the input by ${mean.toFixed(1)} of 255 levels.`);
      }
    : undefined;
  return {
    image: await finished(files, image, picture, { format, quality: params.quality, suffix, colours, photo, check }),
    upscale: {
      ...{ scale, models: models.map(({ entry }) => entry.name) },
      ...(faces ? { stages: await faces.report() } : {}),
    },
  };
}

/** The networks that come with the package, ready to draw. */
async function ownPasses(modelsFolder: string, passes: readonly number[]): Promise<Pass[]> {
  const models = await shippedPasses(modelsFolder, passes);
  return Promise.all(
    models.map(async (model, index) => {
      const network = await loadNetwork(model);
      return { network, scale: passes[index] ?? network.scale };
    }),
  );
}
