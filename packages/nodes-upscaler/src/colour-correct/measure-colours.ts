import type { Picture, Pipeline } from '@imaginarium/pictures';
import { type Correction, toLight } from './correction.ts';

/** What a person asked for. */
export interface CorrectionWish {
  /** How much of the levels and the white that were found is used, 0 to 1. */
  levels: number;
  whiteBalance: number;
  /** -1 is bluer, 1 warmer. */
  temperature: number;
  /** Stops: 1 is twice the light. */
  exposure: number;
  /** -1 to 1. */
  contrast: number;
  saturation: number;
}

/** Colours are measured in a copy of at most so many pixels a side. */
const SAMPLE_PX = 512;
/** What is darker and lighter than the rest of a picture does not count: specks, and lights that are white anyway. */
const IGNORED = 0.005;
/** A white balance beyond it is no cast but what the picture shows. */
const MOST_GAIN = 2;

/** Looks at a picture, and says what has to be done so that it becomes what was asked for. */
export async function measureColours(picture: Picture, wish: CorrectionWish): Promise<Correction> {
  const sample = await sampleOf(picture.open());
  const cast = castOf(sample);
  const warmer = 1.25 ** wish.temperature;
  const light = 2 ** wish.exposure;
  const gains = [
    light * warmer * cast[0] ** wish.whiteBalance,
    light * cast[1] ** wish.whiteBalance,
    (light / warmer) * cast[2] ** wish.whiteBalance,
  ] as const;
  const [black, white] = levelsOf(sample);
  return {
    gains,
    black: black * wish.levels,
    white: 1 + (white - 1) * wish.levels,
    contrast: 2 ** wish.contrast,
    saturation: 1 + wish.saturation,
  };
}

async function sampleOf(image: Pipeline): Promise<Uint8Array> {
  const { data, info } = await image
    .resize({ width: SAMPLE_PX, height: SAMPLE_PX, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`Expected 4 channels, received ${info.channels}.`);
  return data;
}

/** Brightness below which a share of the pixels lies, and above which. Transparent pixels do not count. */
function levelsOf(sample: Uint8Array): [black: number, white: number] {
  const counts = new Float64Array(256);
  let all = 0;
  for (let at = 0; at < sample.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = sample.subarray(at, at + 4);
    if (alpha === 0) continue;
    const brightness = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    counts[brightness] = (counts[brightness] ?? 0) + 1;
    all++;
  }
  const at = (share: number) => {
    let sum = 0;
    for (const [brightness, count] of counts.entries()) {
      sum += count;
      if (sum > all * share) return brightness / 255;
    }
    return 1;
  };
  return all === 0 ? [0, 1] : [at(IGNORED), at(1 - IGNORED)];
}

/**
 * What the light of each colour has to be multiplied by so that the picture is grey in the mean (shades of grey: lights count for more than
 * in the plain mean, as a lawn should not turn everything pink). Green stays.
 */
function castOf(sample: Uint8Array): [number, number, number] {
  const power = 6;
  const sums = [0, 0, 0];
  for (let at = 0; at < sample.length; at += 4) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = sample.subarray(at, at + 4);
    // What is black has no colour, and what is burnt out has lost it.
    if (alpha === 0 || Math.max(red, green, blue) > 250 || Math.max(red, green, blue) < 8) continue;
    for (const [index, value] of [red, green, blue].entries())
      sums[index] = (sums[index] ?? 0) + toLight(value / 255) ** power;
  }
  const [red = 0, green = 0, blue = 0] = sums.map((sum) => sum ** (1 / power));
  if (red === 0 || green === 0 || blue === 0) return [1, 1, 1];
  const gain = (value: number) => Math.min(MOST_GAIN, Math.max(1 / MOST_GAIN, green / value));
  return [gain(red), 1, gain(blue)];
}
