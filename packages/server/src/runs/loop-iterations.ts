import {
  compareIterations,
  countStates,
  type LoopIteration,
  type Step,
  type StepsInside,
  splitIteration,
  stateTogether,
} from '@imaginarium/protocol';

/** How the steps inside of loops stand, node by node. */
export function stepsInside(steps: readonly Step[]): StepsInside[] {
  const byNode = Map.groupBy(
    steps.filter(({ iteration }) => iteration !== ''),
    ({ node }) => node,
  );
  return [...byNode].map(([node, own]) => ({
    node,
    states: countStates(own.map(({ state }) => state)),
    credits: own.reduce((sum, { credits }) => sum + credits, 0),
  }));
}

/**
 * The iterations of a loop that have begun, in their order.
 * @param within only those in this iteration of the loop around it; those of all of them when it is left out.
 */
export function loopIterations(steps: readonly Step[], loop: string, within?: string): LoopIteration[] {
  const inLoop = steps.filter(({ iteration }) => {
    if (iteration === '') return false;
    const place = splitIteration(iteration);
    return place.loop === loop && (within === undefined || place.outer === within);
  });
  const byIteration = Map.groupBy(inLoop, ({ iteration }) => iteration);
  return [...byIteration.keys()]
    .sort(compareIterations)
    .map((iteration) => together(iteration, byIteration.get(iteration) ?? []));
}

/** What the steps of one iteration come to. */
function together(iteration: string, steps: readonly Step[]): LoopIteration {
  const ends = steps.map(({ finishedAt }) => finishedAt);
  const open = steps.some(({ state }) => state === 'pending' || state === 'running' || state === 'waiting');
  return {
    iteration,
    state: stateTogether(countStates(steps.map(({ state }) => state))),
    startedAt: smallest(steps.map(({ startedAt }) => startedAt)),
    finishedAt: open ? null : largest(ends),
    credits: steps.reduce((sum, { credits }) => sum + credits, 0),
    error: steps.find(({ error }) => error !== null)?.error ?? null,
  };
}

const known = (moments: readonly (string | null)[]) => moments.filter((moment) => moment !== null).sort();
const smallest = (moments: readonly (string | null)[]) => known(moments)[0] ?? null;
const largest = (moments: readonly (string | null)[]) => known(moments).at(-1) ?? null;
