let last = { ms: Number.NaN, text: '' };

/** Milliseconds since 1970 as ISO 8601 in UTC. Much of a run happens within the same millisecond, which is written only once. */
export function isoMoment(ms: number): string {
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}
