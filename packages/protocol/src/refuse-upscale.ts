import { UPSCALE_TIERS, type UpscaleTier } from './asset.ts';
import type { FileRef } from './file-ref.ts';

/** Most pixels of a picture that is made: 16384 x 16384. */
export const MOST_UPSCALED_PIXELS = 268_435_456;

/** Why a picture is not upscaled in a tier, with numbers: what comes of it would be too large. Undefined where nothing speaks against it. */
export function refuseUpscale(
  { name, width, height }: Pick<FileRef, 'name' | 'width' | 'height'>,
  tier: UpscaleTier,
): string | undefined {
  const scale = UPSCALE_TIERS[tier];
  if (!width || !height || width * scale * height * scale <= MOST_UPSCALED_PIXELS) return undefined;
  const pixels = Math.round((width * scale * height * scale) / 1e6);
  return `${name} has ${width} x ${height} pixels; ${scale} times that is ${pixels} million, and at most ${Math.floor(MOST_UPSCALED_PIXELS / 1e6)} million are made.`;
}
