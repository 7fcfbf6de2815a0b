import type { Foresight, MeasuredModel } from '@imaginarium/node-sdk';
import { FORMAT_TRAITS, type PictureFormat } from '@imaginarium/pictures';
import { bestOf, canDo } from '../catalogue/choose-model.ts';
import { expectedMs } from '../catalogue/expected-time.ts';
import type { ModelChoice } from '../upscale/choose-passes.ts';

/** What an upscale is, before its picture is opened. */
export interface UpscalePlan extends ModelChoice {
  /** The scale of each way through a network. */
  passes: readonly number[];
  /** What it writes; `same` is taken for PNG, which takes longest of those that pictures come in. */
  format: 'same' | PictureFormat;
  /** Whether layers are laid over one another at its end. */
  withLayers: boolean;
}

interface Size {
  width: number;
  height: number;
}

/** Reading the picture, loading a network. */
const BEGIN_MS = 700;
/** For a million pixels of the result on one core: values to bytes, the work file, reading it again. */
const ROWS_MS = 70;
/** As much again for the layers at the end. */
const LAYERS_MS = 120;
/** Writing a million pixels in a format. */
const WRITE_MS: Partial<Record<PictureFormat, number>> = { png: 170, jpeg: 25, tiff: 10, webp: 250 };

/**
 * Says how long an upscale will take, by the networks it would choose and how fast they were measured to be here, and how large its result
 * will be. Nothing is said of the time where no network can be had, or nobody knows how fast it is.
 */
export function foreseeUpscale(
  { passes, model, budgetMs, format, withLayers }: UpscalePlan,
  picture: Size | undefined,
  models: readonly MeasuredModel[],
): Foresight {
  if (!picture) return {};
  let size = picture;
  let ms = BEGIN_MS;
  let measured = true;
  for (const [index, scale] of passes.entries()) {
    const fitting = models.filter(({ entry }) => canDo(entry, { task: 'super-resolution', scale }));
    const shipped = fitting.filter(({ entry }) => entry.origin === 'shipped');
    const chosen =
      index > 0
        ? bestOf(shipped, Number.POSITIVE_INFINITY)
        : model === 'auto'
          ? bestOf(fitting, budgetMs)
          : fitting.find(({ entry }) => entry.name === model);
    const passMs = chosen && expectedMs(chosen, size);
    size = { width: size.width * scale, height: size.height * scale };
    if (passMs === undefined) return { picture: scaledBy(picture, passes) };
    measured &&= chosen?.speed !== null;
    ms += passMs + rowsMs(size, ROWS_MS);
  }
  const written = format === 'same' ? 'png' : format;
  const perMegapixel = WRITE_MS[written] ?? (FORMAT_TRAITS[written].lossy ? WRITE_MS.webp : WRITE_MS.png) ?? 0;
  ms += rowsMs(size, perMegapixel + (withLayers ? LAYERS_MS : 0));
  return { ms, measured, picture: size };
}

function rowsMs({ width, height }: Size, perMegapixel: number): number {
  return (width * height * perMegapixel) / 1e6;
}

function scaledBy({ width, height }: Size, passes: readonly number[]): Size {
  const scale = passes.reduce((product, each) => product * each, 1);
  return { width: width * scale, height: height * scale };
}
