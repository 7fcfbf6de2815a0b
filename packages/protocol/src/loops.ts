import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { topologicalOrder } from './order.ts';

/** How deep loops may stand in one another. */
export const MAX_LOOP_DEPTH = 5;

type Placed = Pick<GraphNode, 'id' | 'parent'>;

/**
 * Which end of a wire is a port on the inside of a loop node: `from` where a loop gives to what is placed in it, `to` where it takes from
 * it. Undefined for wires between two nodes of one level, and for those that cross the border of a loop, which nothing may.
 */
export function innerEnd(
  edge: Pick<GraphEdge, 'from' | 'to'>,
  byId: ReadonlyMap<string, Placed>,
): 'from' | 'to' | undefined {
  if (edge.from.node === edge.to.node) return undefined;
  if (byId.get(edge.to.node)?.parent === edge.from.node) return 'from';
  if (byId.get(edge.from.node)?.parent === edge.to.node) return 'to';
  return undefined;
}

/** The loops around a node, the nearest first. A node that is placed inside itself has none. */
export function loopsAround(id: string, byId: ReadonlyMap<string, Placed>): string[] {
  const loops = new Set<string>();
  for (let parent = byId.get(id)?.parent; parent && byId.has(parent); parent = byId.get(parent)?.parent) {
    if (parent === id || loops.has(parent)) return [];
    loops.add(parent);
  }
  return [...loops];
}

/** For each node the outermost loop around it, or itself where there is none: the unit that runs of a part know. */
export function unitsOf(graph: { nodes: readonly Placed[] }): Map<string, string> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return new Map(graph.nodes.map(({ id }) => [id, loopsAround(id, byId).at(-1) ?? id]));
}

/** The nodes placed in a loop, near or far, in the order of the graph. */
export function nodesInside(graph: { nodes: readonly Placed[] }, loop: string): string[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.nodes.flatMap(({ id }) => (loopsAround(id, byId).includes(loop) ? [id] : []));
}

/** The nodes that nothing hangs on: what they give is what a run gives. What stands in a loop gives to its loop only. */
export function lastNodes(graph: Pick<Graph, 'nodes' | 'edges'>): ReadonlySet<string> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const goOn = new Set(graph.edges.flatMap((edge) => (innerEnd(edge, byId) ? [] : [edge.from.node])));
  return new Set(graph.nodes.flatMap(({ id, parent }) => (parent || goOn.has(id) ? [] : [id])));
}

/** All nodes in an order in which a person reads them: each after those that feed it, what stands in a loop right after the loop. */
export function readingOrder(graph: Pick<Graph, 'nodes' | 'edges'>): string[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = graph.edges.filter((edge) => !innerEnd(edge, byId));
  const { order, cyclic } = topologicalOrder(graph.nodes, edges);
  const inside = Map.groupBy([...order, ...cyclic], (id): string | null => loopsAround(id, byId)[0] ?? null);
  const withInside = (id: string): string[] => [id, ...(inside.get(id) ?? []).flatMap(withInside)];
  return (inside.get(null) ?? []).flatMap(withInside);
}
