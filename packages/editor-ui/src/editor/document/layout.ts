import type { Graph } from '@imaginarium/protocol';
import { moveNodes, type Point } from './nodes.ts';

export interface Size {
  width: number;
  height: number;
}

/** What a card measures before it was drawn. */
export const DEFAULT_CARD: Size = { width: 232, height: 168 };

/** Lays the nodes out from left to right along the wires. The layout library is loaded when it is first asked for. */
export async function autoLayout(graph: Graph, sizes: ReadonlyMap<string, Size>): Promise<Graph> {
  if (graph.nodes.length === 0) return graph;
  const { default: dagre } = await import('@dagrejs/dagre');
  const plan = new dagre.graphlib.Graph();
  plan.setGraph({ rankdir: 'LR', nodesep: 40, ranksep: 96, marginx: 0, marginy: 0 });
  plan.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) plan.setNode(node.id, { ...(sizes.get(node.id) ?? DEFAULT_CARD) });
  for (const edge of graph.edges) plan.setEdge(edge.from.node, edge.to.node);
  dagre.layout(plan);
  const places = new Map<string, Point>();
  for (const node of graph.nodes) {
    const { x, y } = plan.node(node.id);
    const size = sizes.get(node.id) ?? DEFAULT_CARD;
    places.set(node.id, { x: x - size.width / 2, y: y - size.height / 2 });
  }
  return moveNodes(graph, places);
}
