import type { ModelEntry } from '@imaginarium/node-sdk';

type TiledModel = Pick<ModelEntry, 'receptiveRadiusPx' | 'sizes' | 'corePx'>;

/** The largest receptive radius that tiles overlap by, in input pixels: beyond it the overlap costs more than the seam it avoids. */
export const MOST_EXACT_PX = 40;
/** The overlap where the radius is larger, or unbounded: tiles are blended in it. */
export const BLEND_PX = 32;

/** By how much tiles of a network overlap on each side, in input pixels. */
export function overlapOf(model: TiledModel): number {
  const wanted = isNear(model) ? model.receptiveRadiusPx : BLEND_PX;
  return Math.min(wanted, roomAround(model));
}

/** Whether tiles come out as the whole would, bit for bit; where not, they are blended. */
export function isExact(model: TiledModel): boolean {
  return isNear(model) && model.receptiveRadiusPx <= roomAround(model);
}

function isNear(model: TiledModel): model is TiledModel & { receptiveRadiusPx: number } {
  return model.receptiveRadiusPx !== null && model.receptiveRadiusPx <= MOST_EXACT_PX;
}

/** What a network of one size has room for around a core; others take as much as is wanted. */
function roomAround({ sizes, corePx }: TiledModel): number {
  if (sizes.kind !== 'fixed' || corePx === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor((Math.min(sizes.width, sizes.height) - corePx) / 2));
}
