import type { Foresight, MeasuredModel } from '@imaginarium/node-sdk';
import type { PictureFormat } from '@imaginarium/pictures';
import { bestOf, canDo } from '../catalogue/choose-model.ts';
import { type ModelChoice, orderOf } from '../upscale/choose-passes.ts';
import { type TimedUpscale, totalMs, upscaleTimes } from '../upscale/upscale-times.ts';

/** What an upscale is, before its picture is opened. */
export interface UpscalePlan extends ModelChoice, Pick<TimedUpscale, 'size' | 'withLayers'> {
  /** The scale of each way through a network. */
  passes: readonly number[];
  /** What it writes; `same` is taken for PNG, which takes longest of those that pictures come in. */
  format: 'same' | PictureFormat;
}

/**
 * Says how long an upscale will take, by the networks it would choose and how fast they were measured to be here, and how large its result
 * will be. Nothing is said of the time where no network can be had, or nobody knows how fast it is. Faces are not in it: nobody knows
 * before a look at the picture whether there are any.
 */
export function foreseeUpscale(
  { passes: scales, format, size, withLayers, ...choice }: UpscalePlan,
  picture: { width: number; height: number } | undefined,
  models: readonly MeasuredModel[],
): Foresight {
  if (!picture) return {};
  const passes = passesBy(models, scales, choice);
  const scale = scales.reduce((product, each) => product * each, 1);
  const result = size ?? { width: picture.width * scale, height: picture.height * scale };
  const timed = { picture, size, format: format === 'same' ? 'png' : format, withLayers } as const;
  const ms = passes && totalMs(upscaleTimes({ ...timed, passes }));
  if (ms === undefined) return { picture: result };
  return { ms, measured: passes?.every(({ model }) => model.speed !== null) === true, picture: result };
}

/** The passes that would be chosen; undefined where there is no network for one. */
function passesBy(
  models: readonly MeasuredModel[],
  scales: readonly number[],
  { model: name, budgetMs }: ModelChoice,
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
  const order = orderOf(scales, first.entry, name);
  const passes = order.flatMap((scale, index) => {
    const model = index === 0 && scale === firstScale ? first : shipped(scale);
    return model ? [{ model, scale }] : [];
  });
  return passes.length === order.length ? passes : undefined;
}
