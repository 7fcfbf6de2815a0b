import { splitIteration } from '@imaginarium/protocol';

/** "3", or "2 · 3" for the third in the second iteration of the loop around. */
export function iterationName(iteration: string, within: string | undefined): string {
  const { outer, index } = splitIteration(iteration);
  const own = String(index + 1);
  return outer === '' || outer === within ? own : `${iterationName(outer, within)} · ${own}`;
}
