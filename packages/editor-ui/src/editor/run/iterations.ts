import {
  type GraphNode,
  isTerminal,
  type PortItems,
  type RunDetail,
  type RunEvent,
  type StateCounts,
  type Step,
  type StepState,
  stateTogether,
  stepKey,
} from '@imaginarium/protocol';
import type { RunView } from './run-view.ts';
import { PENDING, type StepView, viewOfStep } from './step-view.ts';

/** An iteration of a loop that somebody looks at: its nodes show what they did in it. */
export interface PickedIteration {
  iteration: string;
  /** Its steps by node; a node without one has not begun in it. */
  steps: Readonly<Record<string, StepView>>;
  outputs: Readonly<Record<string, PortItems>>;
}

/** The step that a node shows: that of the iteration which is looked at, else all of its iterations together. */
export function stepShown(run: RunView | null, { id, parent }: Pick<GraphNode, 'id' | 'parent'>): StepView | undefined {
  const picked = parent ? run?.picked[parent] : undefined;
  return picked ? (picked.steps[id] ?? PENDING) : run?.steps[id];
}

/** Looks at an iteration of a loop, or with null at all of them. What was looked at further in belongs to another one then. */
export function pickIteration(
  view: RunView,
  loop: string,
  picked: PickedIteration | null,
  inside: ReadonlySet<string>,
): RunView {
  const others = Object.entries(view.picked).filter(
    ([id, entry]) => id !== loop && (!inside.has(id) || entry.iteration.startsWith(`${picked?.iteration}/`)),
  );
  return { ...view, picked: { ...Object.fromEntries(others), ...(picked ? { [loop]: picked } : {}) } };
}

/** The steps of one iteration as they were fetched. */
export function pickedFrom(iteration: string, steps: readonly Step[]): PickedIteration {
  return {
    iteration,
    steps: Object.fromEntries(steps.map((step) => [step.node, viewOfStep(step)])),
    outputs: Object.fromEntries(steps.map((step) => [step.node, step.outputs])),
  };
}

/** The nodes inside of loops as a fetch counts them. It is left out where events have told more since. */
export function withInside(view: RunView, { inside = [], lastSeq }: Pick<RunDetail, 'inside' | 'lastSeq'>): RunView {
  if (lastSeq < view.lastSeq || inside.length === 0) return view;
  const counted = inside.map(({ node, states, credits }): [string, StepView] => {
    const before = view.steps[node] ?? PENDING;
    return [node, { ...before, state: stateTogether(states), inside: states, credits }];
  });
  return { ...view, steps: { ...view.steps, ...Object.fromEntries(counted) }, open: {} };
}

/**
 * Moves a view on by what happened in an iteration: the node counts it, and shows it where that iteration is looked at.
 * @param change what it means for the step.
 */
export function applyInside(
  view: RunView,
  event: Extract<RunEvent, { type: `step.${string}` }> & { iteration: string },
  change: Partial<StepView>,
): RunView {
  const { node, iteration } = event;
  const key = stepKey(event);
  const before = view.steps[node] ?? PENDING;
  const state = change.state;
  const open = { ...view.open };
  let step = before;
  if (state !== undefined) {
    // What was under way when the view was fetched is counted as such, though nobody knows which iterations those were.
    const was = open[key] ?? (isTerminal(state) && before.inside?.running ? 'running' : undefined);
    const inside = recount(before.inside ?? {}, was, state);
    if (isTerminal(state)) delete open[key];
    else open[key] = state;
    step = {
      ...before,
      inside,
      state: stateTogether(inside),
      thumbnail: change.thumbnail ?? before.thumbnail,
      credits: before.credits + (change.credits ?? 0),
      waiting: state === 'waiting' ? change.waiting : inside.waiting ? before.waiting : undefined,
    };
  }
  return {
    ...view,
    open,
    steps: { ...view.steps, [node]: step },
    picked: withPicked(view.picked, node, iteration, change),
  };
}

function withPicked(
  all: RunView['picked'],
  node: string,
  iteration: string,
  change: Partial<StepView>,
): RunView['picked'] {
  const [loop, picked] = Object.entries(all).find(([, entry]) => entry.iteration === iteration) ?? [];
  if (loop === undefined || !picked) return all;
  const step = { ...(picked.steps[node] ?? PENDING), ...change };
  return { ...all, [loop]: { ...picked, steps: { ...picked.steps, [node]: step } } };
}

function recount(counts: StateCounts, was: StepState | undefined, now: StepState): StateCounts {
  const next = { ...counts };
  if (was !== undefined) {
    const left = (next[was] ?? 1) - 1;
    if (left > 0) next[was] = left;
    else delete next[was];
  }
  next[now] = (next[now] ?? 0) + 1;
  return next;
}

/** How many iterations a node has behind it, and how many there are, where that is known. */
export interface IterationCount {
  done: number;
  /** Undefined for what stands in a loop within a loop, and while the loop has not told. */
  count: number | undefined;
  failed: number;
}

/**
 * Counts the iterations of a node that stands in a loop.
 * @param loop the step of that loop; undefined where it is itself in a loop, and has others in each of its iterations.
 */
export function countIterations(step: StepView | undefined, loop: StepView | undefined): IterationCount | undefined {
  if (!step?.inside) return undefined;
  const entries = Object.entries(step.inside) as [StepState, number][];
  const done = entries.reduce((sum, [state, count]) => sum + (isTerminal(state) ? count : 0), 0);
  const begun = entries.reduce((sum, [, count]) => sum + count, 0);
  if (begun === 0) return undefined;
  const told = loop?.iterations?.count ?? (loop && isTerminal(loop.state) ? begun : undefined);
  // A loop that ran until something held ran fewer times than it might have.
  const count = told !== undefined && loop && isTerminal(loop.state) ? begun : told;
  return { done, count, failed: step.inside.failed ?? 0 };
}
