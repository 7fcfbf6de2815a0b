import type { StepCalls } from '../call/step-calls.ts';

/** How much work each call of a step is, in a unit of the step's own: the pixels of its pictures, where each call has some, else all the same. */
export function workOfCalls(calls: Pick<StepCalls, 'length' | 'rows'>): Float64Array {
  const pixels = new Float64Array(calls.length);
  let index = 0;
  for (const row of calls.rows()) {
    let count = 0;
    for (const port in row) count += (row[port]?.file?.width ?? 0) * (row[port]?.file?.height ?? 0);
    if (count === 0) return pixels.fill(1);
    pixels[index++] = count;
  }
  return pixels;
}
