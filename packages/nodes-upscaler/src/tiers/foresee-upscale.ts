import type { Foresight, MeasuredModel } from '@imaginarium/node-sdk';
import type { PictureFormat } from '@imaginarium/pictures';
import { addedByFaces } from '../faces/added-by-faces.ts';
import { type ModelChoice, passesBy } from '../upscale/choose-passes.ts';
import { type TimedUpscale, totalMs, upscaleTimes } from '../upscale/upscale-times.ts';

/** What an upscale is, before its picture is opened. */
export interface UpscalePlan extends ModelChoice, Pick<TimedUpscale, 'size' | 'withLayers'> {
  /** The scale of each way through a network. */
  passes: readonly number[];
  /** What it writes; `same` is taken for PNG, which takes longest of those that pictures come in. */
  format: 'same' | PictureFormat;
  /** Whether faces are restored, where the networks for it are installed. */
  withFaces?: boolean;
}

/**
 * Says how long an upscale will take, by the networks it would choose and how fast they were measured to be here, and how large its result
 * will be. Nothing is said of the time where no network can be had, or nobody knows how fast it is. Faces are not in it, as nobody knows
 * before a look at the picture whether there are any: it is said apart what each adds.
 */
export function foreseeUpscale(
  { passes: scales, format, size, withLayers, withFaces = false, ...choice }: UpscalePlan,
  picture: { width: number; height: number } | undefined,
  models: readonly MeasuredModel[],
): Foresight {
  if (!picture) return {};
  const passes = passesBy(models, scales, choice);
  const adds = withFaces ? addedByFaces(models) : undefined;
  const scale = scales.reduce((product, each) => product * each, 1);
  const result = size ?? { width: picture.width * scale, height: picture.height * scale };
  const timed = { picture, size, format: format === 'same' ? 'png' : format, withLayers } as const;
  const ms = passes && totalMs(upscaleTimes({ ...timed, passes }));
  if (ms === undefined) return { picture: result };
  // Faces are restored in what the first pass gives: where there are any, it is the one that gives most.
  const inOrder = adds && passesBy(models, scales, choice, true);
  const onceMs = Math.max(0, (inOrder ? (totalMs(upscaleTimes({ ...timed, passes: inOrder })) ?? ms) : ms) - ms);
  return {
    ...{ ms, measured: passes?.every(({ model }) => model.speed !== null) === true, picture: result },
    ...(adds ? { adds: { ...adds, onceMs } } : {}),
  };
}
