import type { Graph, NodeCatalogue } from '@imaginarium/protocol';

/** What was found out of graphs that are held on to, as those of versions are. */
const known = new WeakMap<Graph, { edition: object | undefined; unfelt: boolean }>();

/**
 * Whether nothing outside can feel that a graph is executed: all of its nodes are pure and light, so that a run that was never stored
 * leaves nothing behind.
 */
export function isUnfelt(graph: Graph, catalogue: NodeCatalogue): boolean {
  const { edition } = catalogue;
  const before = known.get(graph);
  if (before && before.edition === edition) return before.unfelt;
  const unfelt = graph.nodes.every(({ type, version }) => {
    const description = catalogue.describe(type, version);
    return description?.effects === 'pure' && description.resources === undefined;
  });
  known.set(graph, { edition, unfelt });
  return unfelt;
}
