import { availableParallelism } from 'node:os';
import type { MeasuredModel } from '@imaginarium/node-sdk';
import { overlapOf } from '../tiling/overlap.ts';
import { tileGrid } from '../tiling/tile-grid.ts';

/** Multiplications in a millisecond on one core, for a model that was not measured here: ONNX Runtime's usual speed on a server core. */
const MACS_PER_MS = 36e6;

/**
 * Milliseconds that a network needs for a picture on this machine, its tiles' overlap included; undefined when it was neither measured
 * here nor says how much work it is.
 */
export function expectedMs(
  { entry, speed }: MeasuredModel,
  picture: { width: number; height: number },
): number | undefined {
  const perPixel = speed
    ? speed.msPerMegapixel / 1e6
    : entry.macPerPixel !== null
      ? entry.macPerPixel / (MACS_PER_MS * availableParallelism())
      : undefined;
  if (perPixel === undefined) return undefined;
  const tiles = tileGrid({ left: 0, top: 0, ...picture }, entry.corePx ?? Number.POSITIVE_INFINITY, overlapOf(entry));
  const pixels = tiles.flat().reduce((sum, { read }) => sum + read.width * read.height, 0);
  return pixels * perPixel;
}
