/** Calls of a step that are begun before others have ended: more than a run has places, so that those who rest are stood in for. */
const LANES = 256;

/**
 * Works on a list of any length with a bounded number of promises under way, and waits for all that was begun, so that nothing is left
 * at work when a failure is thrown.
 * @returns the results in the order of the list.
 * @throws what the first lane to fail threw. Nothing is begun after a failure.
 */
export async function inLanes<Entry, Result>(
  entries: readonly Entry[],
  work: (entry: Entry) => Promise<Result>,
): Promise<Result[]> {
  const [only] = entries;
  if (only !== undefined && entries.length === 1) return [await work(only)];
  const results = new Array<Result>(entries.length);
  let next = 0;
  let failure: { error: unknown } | undefined;
  const lane = async () => {
    while (next < entries.length && !failure) {
      const index = next++;
      try {
        results[index] = await work(entries[index] as Entry);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, entries.length) }, lane));
  if (failure) throw failure.error;
  return results;
}
