import type { MeasuredModel } from '@imaginarium/node-sdk';
import type { PictureFormat } from '@imaginarium/pictures';
import { expectedMs } from '../catalogue/expected-time.ts';

/** Pixels. */
interface Size {
  width: number;
  height: number;
}

/** An upscale whose networks are chosen. */
export interface TimedUpscale {
  /** The picture that comes in. */
  picture: Size;
  /** One network after another, and by how much each enlarges here. */
  passes: readonly { model: MeasuredModel; scale: number }[];
  /** Pixels of the result, where that is less than the product of all scales. */
  size?: Size | undefined;
  format: PictureFormat;
  /** Whether layers are laid over one another at its end. */
  withLayers: boolean;
}

/** What the parts of an upscale take on this machine, in milliseconds. */
export interface UpscaleTimes {
  /** Starting, reading the picture, loading networks. */
  beginMs: number;
  passesMs: readonly number[];
  /** Whether somebody knows how fast each network is; otherwise the time of its pass is a mere guess. */
  known: boolean;
  /** Comparing and putting together what was enlarged. */
  layersMs: number;
  /** Writing the file. */
  writeMs: number;
}

/** Starting a process where none is warm, reading the picture, loading a network. */
export const BEGIN_MS = 400;
/** For a million pixels that go through a network nobody knows. */
const UNKNOWN_MS = 20_000;
/** For a million pixels that a pass gives: putting them in their place, the work file, reading it again. */
const ROWS_MS = 8;
/** For a million pixels of the result, where layers are laid over it. */
const LAYERS_MS = 24;
/** Writing a million pixels of an enlarged photo in a format, on one core. A drawing takes a tenth of it in PNG and TIFF. */
const WRITE_MS: Record<PictureFormat, number> = { png: 45, jpeg: 8, tiff: 80, webp: 85, avif: 700 };

/** Foresees what the parts of an upscale take: what networks do by how fast they were measured to be here, the rest by what is usual. */
export function upscaleTimes({ picture, passes, size, format, withLayers }: TimedUpscale): UpscaleTimes {
  let { width, height } = picture;
  let known = true;
  const passesMs = passes.map(({ model, scale }) => {
    const networkMs = expectedMs(model, { width, height });
    known &&= networkMs !== undefined;
    const workMs = networkMs ?? perMegapixel(UNKNOWN_MS, { width, height });
    [width, height] = [width * scale, height * scale];
    return workMs + perMegapixel(ROWS_MS, { width, height });
  });
  const result = size ?? { width, height };
  return {
    beginMs: BEGIN_MS,
    ...{ passesMs, known },
    layersMs: withLayers ? perMegapixel(LAYERS_MS, result) : 0,
    writeMs: writeMs(format, result),
  };
}

/** Writing a photo in a format, in milliseconds. */
export function writeMs(format: PictureFormat, size: Size): number {
  return perMegapixel(WRITE_MS[format], size);
}

/** All of it together; undefined where nobody knows how fast a network is. */
export function totalMs({ beginMs, passesMs, known, layersMs, writeMs }: UpscaleTimes): number | undefined {
  return known ? passesMs.reduce((sum, ms) => sum + ms, beginMs + layersMs + writeMs) : undefined;
}

/**
 * Divides work into parts by what they take, so that progress goes as time does.
 * @param ms of each part.
 * @returns for each part, what makes a share of the whole work of a share of it.
 */
export function partsOf(ms: readonly number[]): ((share: number) => number)[] {
  const whole = ms.reduce((sum, part) => sum + part, 0);
  let before = 0;
  return ms.map((part) => {
    const from = before;
    before += part;
    return (share) => (from + part * share) / whole;
  });
}

/** What takes so long for a million pixels, for a picture. */
export function perMegapixel(ms: number, { width, height }: Size): number {
  return (width * height * ms) / 1e6;
}
