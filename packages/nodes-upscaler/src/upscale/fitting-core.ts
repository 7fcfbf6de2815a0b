import type { Network } from '../inference/network.ts';
import { MIN_CORE_PX } from './enlarge-area.ts';

/** What a process with a small network holds before its first tile, in megabytes. */
const BASE_MB = 110;
/** The share of what is free that a pass may take: others want some too. */
const SHARE = 0.8;

/**
 * The size of tiles to begin with: that of the network, halved until what it was measured to need fits into what is free, and once for
 * every try that ended without a single row of tiles.
 * @param free megabytes.
 * @param deaths tries that ended so, beyond the first, which may have had any reason.
 */
export function fittingCore(
  { corePx, overlapPx, peakMemoryMb, sizes }: Pick<Network, 'corePx' | 'overlapPx' | 'peakMemoryMb' | 'sizes'>,
  free: number,
  deaths: number,
): number {
  // A network of one size works on it whatever is asked of it.
  if (sizes.kind === 'fixed') return corePx;
  const pixels = (core: number) => (core + 2 * overlapPx) ** 2;
  const needsMb = (core: number) =>
    peakMemoryMb === null ? 0 : (Math.max(0, peakMemoryMb - BASE_MB) * pixels(core)) / pixels(corePx);
  let core = corePx;
  for (let halved = 0; core / 2 >= MIN_CORE_PX && (halved < deaths || needsMb(core) > SHARE * free); halved++)
    core = Math.floor(core / 2);
  return core;
}
