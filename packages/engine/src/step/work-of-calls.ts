import type { Call } from '../call/step-call.ts';

/** How much work each call of a step is, in a unit of the step's own: the pixels of its pictures, where each call has some, else all the same. */
export function workOfCalls(calls: readonly Pick<Call, 'row'>[]): Float64Array {
  const pixels = Float64Array.from(calls, ({ row }) =>
    Object.values(row).reduce((sum, { file }) => sum + (file?.width ?? 0) * (file?.height ?? 0), 0),
  );
  return pixels.every((count) => count > 0) ? pixels : pixels.fill(1);
}
