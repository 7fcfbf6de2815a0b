import type { Foresight, MeasuredModel, TimeAdded } from '@imaginarium/node-sdk';
import type { PictureFormat } from '@imaginarium/pictures';
import { bestOf, canDo } from '../catalogue/choose-model.ts';
import { FACE_PX } from '../faces/align-face.ts';
import { type ModelChoice, orderOf } from '../upscale/choose-passes.ts';
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

/** What each face takes that is restored; undefined where none will be. */
function addedByFaces(models: readonly MeasuredModel[]): Omit<TimeAdded, 'onceMs'> | undefined {
  const [detector, restorer] = (['face-detection', 'face-restoration'] as const).map((task) =>
    models.find(({ entry }) => entry.task === task),
  );
  if (!detector || !restorer) return undefined;
  return { each: 'face', ms: restorer.speed && (restorer.speed.msPerMegapixel * FACE_PX ** 2) / 1e6 };
}

/** The passes that would be chosen; undefined where there is no network for one. @param asIs whether the order of the scales has to stay. */
function passesBy(
  models: readonly MeasuredModel[],
  scales: readonly number[],
  { model: name, budgetMs }: ModelChoice,
  asIs = false,
): TimedUpscale['passes'] | undefined {
  const fitting = (scale: number) => models.filter(({ entry }) => canDo(entry, { task: 'super-resolution', scale }));
  const shipped = (scale: number) =>
    bestOf(
      fitting(scale).filter(({ entry }) => entry.origin === 'shipped'),
      Number.POSITIVE_INFINITY,
    );
  const [firstScale = 2] = scales;
  const first =
    name === 'auto'
      ? bestOf(fitting(firstScale), budgetMs)
      : fitting(firstScale).find(({ entry }) => entry.name === name);
  if (!first) return undefined;
  const order = asIs ? scales : orderOf(scales, first.entry, name);
  const passes = order.flatMap((scale, index) => {
    const model = index === 0 && scale === firstScale ? first : shipped(scale);
    return model ? [{ model, scale }] : [];
  });
  return passes.length === order.length ? passes : undefined;
}
