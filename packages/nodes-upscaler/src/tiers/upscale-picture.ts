import { readdir } from 'node:fs/promises';
import type { BaseContext, FileRef, JsonObject } from '@imaginarium/node-sdk';
import { type Picture, type Pipeline, refuseFormatSize } from '@imaginarium/pictures';
import { findFaceModels } from '../faces/face-models.ts';
import { FaceWork, type RestoreWish } from '../faces/face-work.ts';
import type { LayerWork } from '../layers/put-together.ts';
import { readBack } from '../layers/read-back.ts';
import { refuseResultSize } from '../upscale/check-room.ts';
import { type ChosenPass, choosePasses, shippedPasses } from '../upscale/choose-passes.ts';
import { carriedOver, finished } from '../upscale/finish.ts';
import { loadPasses } from '../upscale/load-passes.ts';
import { enlargedByNetworks, type Rendering } from '../upscale/render.ts';
import type { EncodingWish } from './encoding-params.ts';
import { hasStage, type Stage } from './stage.ts';
import { type Render, upscaleFrames } from './upscale-frames.ts';
import { UpscaleProgress } from './upscale-progress.ts';

/** What an upscaler node has at hand. */
export type UpscaleContext = Pick<BaseContext, 'files' | 'log' | 'progress' | 'signal' | 'modelsFolder'>;

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
  params: EncodingWish & {
    model: string;
    matchColours?: boolean;
    background?: boolean;
    /** Of an animation, only the first frame or each; the first when left out. */
    animation?: 'first' | 'each';
    /** Where a picture can be made smaller first, whether it is. */
    tooLarge?: 'refuse' | 'fit';
  };
  /** Which faces are restored on the way, and how; left out, none are. */
  faces?: RestoreWish | undefined;
  /** The stages of the tier, where a tier it is: those after the enlargement are done as the params say. */
  stages?: readonly Stage[];
}

/**
 * The work that all upscaler nodes have in common: checks before it starts, networks, and a file.
 * @returns the picture, and what a field of its item says of how it was made.
 * @throws {NonRetryableError} when the picture, the result or the model cannot be.
 */
export async function upscalePicture(
  wish: UpscaleWish,
  context: UpscaleContext,
): Promise<{ image: FileRef; upscale: JsonObject }> {
  const { picture, file, passes, size, suffix, params } = wish;
  const { files, log } = context;
  const scale = passes.reduce((product, each) => product * each, 1);
  const isAnimated = picture.animation !== undefined && params.animation === 'each';
  const format = isAnimated ? 'webp' : params.format === 'same' ? picture.format : params.format;
  const { width, height } = size ?? { width: picture.width * scale, height: picture.height * scale };
  refuseResultSize(picture, scale, { frames: isAnimated ? picture.frames : 1, canFit: 'tooLarge' in params });
  refuseFormatSize(format, width, height);
  const choice = { model: params.model, budgetMs: wish.budgetMs };
  const quickest = await choosePasses(context.modelsFolder, passes, choice);
  const names = [...new Set(quickest.map(({ model }) => model.entry.title))];
  log.info(`Upscaled by ${names.length === 1 ? 'the network' : 'the networks'} ${names.join(' and ')}.`);
  if (picture.frames > 1 && !isAnimated)
    log.warn(`${picture.name} has ${picture.frames} frames; only the first is upscaled.`);
  if (isAnimated && params.colours === 'own' && picture.profile)
    log.info(`${picture.name} is an animation: its colours are sRGB in the result.`);
  const kept = isAnimated ? { colours: 'srgb' as const, metadata: params.metadata } : params;
  const { colours, photo } = carriedOver(picture, kept, format, log);

  const look = { info: (message: string) => log.info(message), warn: (message: string) => log.warn(message) };
  const layers = layersOf(wish, context.modelsFolder);
  const common = { ...look, colours, signal: context.signal } as const;
  const timed = { picture, size, format, withLayers: layers !== undefined };
  const shaped = (image: Pipeline) => (size ? image.resize({ width, height, fit: 'fill', kernel: 'lanczos3' }) : image);

  if (isAnimated) {
    if (wish.faces) log.info('Faces in animations are not restored.');
    // What each pass took is worth a line for a picture, and not for each of a hundred frames.
    const quiet = { ...common, layers, passes: quickest, info: () => undefined };
    const render: Render = async (shown, source, folder, tell) => {
      const told = new UpscaleProgress(tell, false);
      told.plan({ ...timed, passes: quickest }, 0);
      const progress: Rendering['progress'] = (...news) => told.enlarging(...news);
      return shaped(await enlargedByNetworks({ ...quiet, picture: shown, source, folder, progress }));
    };
    const upscale = upscaleField(scale, quickest);
    const frames = { picture, file, suffix, quality: params.quality, photo, key: upscale.models.join('+'), render };
    return { image: await upscaleFrames(frames, context), upscale: { ...upscale, frames: picture.frames } };
  }

  const folder = await files.lastingFolder();
  const told = new UpscaleProgress(context.progress, (await readdir(folder)).length > 0);
  const job = { ...common, picture, source: `${file.id} ${picture.width}x${picture.height}`, folder };
  const faces =
    wish.faces &&
    (await FaceWork.begin({
      ...{ ...job, wish: wish.faces, models: await findFaceModels(context.modelsFolder) },
      progress: (share, message) => told.faces(share, message),
    }));
  // A face is restored larger than most are: the more the first pass makes of it, the more of that stays.
  const chosen = faces?.hasWork ? await choosePasses(context.modelsFolder, passes, choice, true) : quickest;
  told.plan({ ...timed, passes: chosen }, faces?.count ?? 0);
  const image = shaped(
    await enlargedByNetworks({
      ...{ ...job, passes: chosen, faces: faces?.hasWork ? faces : undefined },
      layers: layers && { ...layers, except: faces?.areas ?? [] },
      progress: (...news) => told.enlarging(...news),
    }),
  );
  told.writing(0, 'Writing the result');
  const check = layers?.quality
    ? async (path: string) => {
        told.writing(0.7, 'Reading the file back');
        const from = { name: picture.name, image: image.clone(), width, height, colours, quality: params.quality };
        const mean = await readBack(path, from);
        log.info(
          `The file was read back to its end; it differs from what was drawn by ${mean.toFixed(1)} of 255 levels.`,
        );
      }
    : undefined;
  const finish = { format, quality: params.quality, suffix, colours, photo, check } as const;
  return {
    image: await finished(files, image, picture, finish),
    upscale: { ...upscaleField(scale, chosen), ...(faces ? { stages: await faces.report() } : {}) },
  };
}

/** What a field of the result says of how it was made. */
function upscaleField(scale: number, passes: readonly ChosenPass[]): { scale: number; models: string[] } {
  return { scale, models: passes.map(({ model }) => model.entry.name) };
}

/** What happens after the networks, as the tier and the person say. */
function layersOf({ stages = [], params, passes }: UpscaleWish, modelsFolder: string): LayerWork | undefined {
  const matchColours = params.matchColours ?? hasStage(stages, 'merge');
  if (!matchColours && !hasStage(stages, 'merge')) return;
  return {
    matchColours,
    background: hasStage(stages, 'background') && (params.background ?? true),
    quality: hasStage(stages, 'quality')
      ? async () => loadPasses(await shippedPasses(modelsFolder, passes))
      : undefined,
    except: [],
  };
}
