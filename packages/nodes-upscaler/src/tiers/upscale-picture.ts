import type { BaseContext, FileRef, JsonObject } from '@imaginarium/node-sdk';
import { type Picture, photoDataOf, refuseFormatSize } from '@imaginarium/pictures';
import { refuseResultSize } from '../upscale/check-room.ts';
import { choosePasses } from '../upscale/choose-passes.ts';
import { finished } from '../upscale/finish.ts';
import { enlargedByNetworks } from '../upscale/render.ts';
import type { EncodingWish } from './encoding-params.ts';

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
  params: EncodingWish & { model: string };
}

/**
 * The work that all upscaler nodes have in common: checks before it starts, networks, and a file.
 * @returns the picture, and what a field of its item says of how it was made.
 * @throws {NonRetryableError} when the picture, the result or the model cannot be.
 */
export async function upscalePicture(
  { picture, file, passes, size, suffix, budgetMs, params }: UpscaleWish,
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

  const enlarged = await enlargedByNetworks({
    ...{ picture, colours, models, passes, signal },
    ...{ source: file.id, folder: await files.lastingFolder() },
    progress: (share, message) => progress(0.95 * share, message),
    info: (message) => log.info(message),
    warn: (message) => log.warn(message),
  });
  progress(0.95, 'Writing the result');
  const image = size ? enlarged.resize({ width, height, fit: 'fill', kernel: 'lanczos3' }) : enlarged;
  return {
    image: await finished(files, image, picture, { format, quality: params.quality, suffix, colours, photo }),
    upscale: { scale, models: models.map(({ entry }) => entry.name) },
  };
}
