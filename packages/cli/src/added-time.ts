import type { TimeAdded } from '@imaginarium/protocol';

/** Time that is not in an estimate, as it follows it: ", and 2 s for each face found". */
export function addedTime({ each, ms, onceMs }: TimeAdded): string {
  if (ms === null) return `, and longer for each ${each} found`;
  const once = onceMs > 0 ? `, with ${duration(onceMs)} once` : '';
  return `, and ${duration(ms)} for each ${each} found${once}`;
}

/** "400 ms", "2 s". */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`;
}
