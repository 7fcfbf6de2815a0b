import { isTerminal } from '@imaginarium/protocol';
import type { RunView } from './run-view.ts';

/** How much of a run is done, 0 to 1: each node counts the same, and a loop for all that stands in it. */
export function progressOf(run: RunView): number {
  const steps = Object.values(run.steps).filter((step) => !step.inside);
  if (steps.length === 0) return isTerminal(run.run.state) ? 1 : 0;
  const done = steps.reduce((sum, step) => sum + (isTerminal(step.state) ? 1 : (step.progress ?? 0)), 0);
  return done / steps.length;
}
