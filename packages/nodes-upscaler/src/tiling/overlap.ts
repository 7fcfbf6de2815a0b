import type { ModelEntry } from '@imaginarium/node-sdk';

/** The largest receptive radius that tiles overlap by, in input pixels: beyond it the overlap costs more than the seam it avoids. */
export const MOST_EXACT_PX = 40;
/** The overlap where the radius is larger, or unbounded: tiles are blended in it. */
export const BLEND_PX = 32;

/** By how much tiles of a network overlap on each side, in input pixels. */
export function overlapOf({ receptiveRadiusPx }: Pick<ModelEntry, 'receptiveRadiusPx'>): number {
  return isExact({ receptiveRadiusPx }) ? (receptiveRadiusPx ?? 0) : BLEND_PX;
}

/** Whether tiles come out as the whole would, bit for bit; where not, they are blended. */
export function isExact({ receptiveRadiusPx }: Pick<ModelEntry, 'receptiveRadiusPx'>): boolean {
  return receptiveRadiusPx !== null && receptiveRadiusPx <= MOST_EXACT_PX;
}
