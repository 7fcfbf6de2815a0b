import type { GraphEdge, GraphNode } from './graph.ts';

/** An order in which every node comes after the nodes that feed it, and the nodes that have no such place because they lie on or behind a cycle. */
export interface TopologicalOrder {
  order: string[];
  cyclic: string[];
}

/**
 * Orders nodes so that every edge points forward (Kahn's algorithm, O(nodes + edges)). Nodes without a mutual order keep the order they
 * are listed in, so the result is stable. Edges whose ends are missing are ignored: validation reports them.
 */
export function topologicalOrder(
  nodes: readonly Pick<GraphNode, 'id'>[],
  edges: readonly Pick<GraphEdge, 'from' | 'to'>[],
): TopologicalOrder {
  const waitingFor = new Map(nodes.map((node) => [node.id, 0]));
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const count = waitingFor.get(to.node);
    if (count === undefined || !waitingFor.has(from.node)) continue;
    waitingFor.set(to.node, count + 1);
    const targets = next.get(from.node);
    if (targets) targets.push(to.node);
    else next.set(from.node, [to.node]);
  }
  const order = nodes.filter((node) => waitingFor.get(node.id) === 0).map((node) => node.id);
  for (let at = 0; at < order.length; at++) {
    for (const target of next.get(order[at] as string) ?? []) {
      const left = (waitingFor.get(target) as number) - 1;
      waitingFor.set(target, left);
      if (left === 0) order.push(target);
    }
  }
  const placed = new Set(order);
  return { order, cyclic: nodes.filter((node) => !placed.has(node.id)).map((node) => node.id) };
}
