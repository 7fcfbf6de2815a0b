import { z } from 'zod';
import { STEP_STATES, type StepState } from './run.ts';

/** How many of several steps, or of several iterations, are in which state; states that none is in are left out. */
export const stateCountsSchema = z.partialRecord(z.enum(STEP_STATES), z.int().min(1));
export type StateCounts = z.infer<typeof stateCountsSchema>;

/** What says most of several steps comes first: work that goes on, then what is wrong, then what is done. */
const BY_WEIGHT: readonly StepState[] = [
  'running',
  'waiting',
  'failed',
  'cancelled',
  'pending',
  'succeeded',
  'cached',
  'skipped',
];

/** The state that several steps are in together; `pending` where there are none. */
export function stateTogether(states: StateCounts): StepState {
  return BY_WEIGHT.find((state) => states[state]) ?? 'pending';
}

/** Counts states. */
export function countStates(states: Iterable<StepState>): StateCounts {
  const counts: StateCounts = {};
  for (const state of states) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}
