import type { Graph, NodeCatalogue } from '@imaginarium/protocol';
import { onceForGraph } from './once-for-graph.ts';

/** How urgent a run is whose nodes say nothing of it. */
const DEFAULT_PRIORITY = 5;
const HIGHEST = 100;

/** How urgent a run of a graph is by what its nodes say: the most urgent among them counts. Disabled ones do not. */
const priorityOf = onceForGraph(({ nodes }, catalogue) => {
  const said = nodes.flatMap(({ type, version, disabled }) =>
    disabled ? [] : (catalogue.describe(type, version)?.priority ?? []),
  );
  return said.length === 0 ? DEFAULT_PRIORITY : Math.max(...said);
});

/** A run's priority, 1 to 100. @param added what its caller adds. */
export function runPriority(graph: Graph, catalogue: NodeCatalogue, added = 0): number {
  return Math.min(HIGHEST, priorityOf(graph, catalogue) + added);
}

/** What a caller adds so that a run of a graph is at least this urgent. */
export function addedFor(priority: number, graph: Graph, catalogue: NodeCatalogue): number {
  return Math.max(0, priority - priorityOf(graph, catalogue));
}
