import type { Failure, Graph } from '@imaginarium/protocol';
import type { PlannedNode } from './plan.ts';
import type { RunItems } from './run-items.ts';
import type { ItemScope } from './scope.ts';

/** Where a walk goes: over the top level of a graph, or through one iteration of a loop. */
export interface Level {
  graph: Graph;
  nodes: readonly PlannedNode[];
  /** Empty at the top level. */
  iteration: string;
  items: RunItems;
  expressions: ItemScope;
  /** Aborted when nothing more of this level is wanted. */
  signal: AbortSignal;
  /** Told of a node that failed. The walk goes on to its end, with nothing left to do once the signal is aborted. */
  fail(failure: Failure, name: string): void;
}
