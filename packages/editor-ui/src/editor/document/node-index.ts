import type { Graph, GraphNode } from '@imaginarium/protocol';

const indexes = new WeakMap<readonly GraphNode[], ReadonlyMap<string, GraphNode>>();

/** The nodes of a graph by id, made once for each state of the document: hundreds of cards ask for it at every change. */
export function nodesById({ nodes }: Pick<Graph, 'nodes'>): ReadonlyMap<string, GraphNode> {
  let index = indexes.get(nodes);
  if (!index) {
    index = new Map(nodes.map((node) => [node.id, node]));
    indexes.set(nodes, index);
  }
  return index;
}
