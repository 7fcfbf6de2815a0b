import { z } from 'zod';

/**
 * Where in its loops a step stands: empty outside of them, `each#3` in the fourth iteration of the loop node `each`, and
 * `outer#0/inner#2` where loops stand in one another. A node has one step in each iteration.
 */
export const iterationSchema = z
  .string()
  .regex(/^([A-Za-z0-9_-]{1,64}#\d{1,7}(\/(?=.)|$))*$/, 'expected loops with their counts, such as each#3');

/** The iteration that counts `index` (from 0) of a loop node which is itself in the iteration `outer`. */
export function iterationOf(outer: string, loop: string, index: number): string {
  return `${outer === '' ? '' : `${outer}/`}${loop}#${index}`;
}

/** Which step of a run: node ids are short of `@`, so no two steps have the same key. Outside of loops it is the node's id. */
export function stepKey({ node, iteration = '' }: { node: string; iteration?: string | undefined }): string {
  return iteration === '' ? node : `${node}@${iteration}`;
}

const byNumber = new Intl.Collator('en', { numeric: true });

/** Orders steps by node, in the order given, and those of one node by their iterations. */
export function compareSteps(
  nodes: readonly string[],
): (a: { node: string; iteration: string }, b: { node: string; iteration: string }) => number {
  const place = new Map(nodes.map((id, index) => [id, index]));
  return (a, b) =>
    (place.get(a.node) ?? 0) - (place.get(b.node) ?? 0) ||
    (a.iteration === b.iteration ? 0 : compareIterations(a.iteration, b.iteration));
}

/** Which iteration of which loop: `each#3` is number 3, counted from 0, of the loop `each`; the loops around it are the `outer` part. */
export function splitIteration(iteration: string): { outer: string; loop: string; index: number } {
  const cut = iteration.lastIndexOf('/');
  const [loop = '', index = '0'] = iteration.slice(cut + 1).split('#');
  return { outer: iteration.slice(0, Math.max(cut, 0)), loop, index: Number(index) };
}

/** Orders iterations by their numbers: `each#9` is before `each#10`. */
export function compareIterations(a: string, b: string): number {
  const [inA, inB] = [a.lastIndexOf('#') + 1, b.lastIndexOf('#') + 1];
  // Most often both are of the same loop: comparing two numbers takes a fraction of comparing texts.
  if (inA === inB && a.startsWith(b.slice(0, inB))) return Number(a.slice(inA)) - Number(b.slice(inB));
  return byNumber.compare(a, b);
}
