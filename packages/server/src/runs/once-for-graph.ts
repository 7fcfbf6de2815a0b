import type { Graph, NodeCatalogue } from '@imaginarium/protocol';

/**
 * Finds something out once for each graph that is held on to, as those of versions are, and again when the installed packages have
 * changed. The graph must not be changed afterwards.
 */
export function onceForGraph<Fact>(
  find: (graph: Graph, catalogue: NodeCatalogue) => Fact,
): (graph: Graph, catalogue: NodeCatalogue) => Fact {
  const known = new WeakMap<Graph, { edition: object; fact: Fact }>();
  return (graph, catalogue) => {
    const { edition } = catalogue;
    const before = known.get(graph);
    if (before && before.edition === edition) return before.fact;
    const fact = find(graph, catalogue);
    if (edition) known.set(graph, { edition, fact });
    return fact;
  };
}
