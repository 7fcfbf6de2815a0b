import type { GraphEdge, GraphNode } from './graph.ts';
import { topologicalOrder } from './order.ts';

type Nodes = readonly Pick<GraphNode, 'id'>[];
type Edges = readonly Pick<GraphEdge, 'from' | 'to'>[];

/**
 * Finds circles of wires, each as the ids along it in the direction of the wires, from the node that is listed first. Circles that share a node are found one at a time: mending
 * the first shows the next.
 */
export function findCycles(nodes: Nodes, edges: Edges): string[][] {
  const cycles: string[][] = [];
  let left = nodes;
  for (;;) {
    const { cyclic } = topologicalOrder(left, edges);
    const [start] = cyclic;
    if (start === undefined) return cycles;
    const cycle = walkBack(start, new Set(cyclic), edges);
    const found = new Set(cycle);
    const first = cycle.indexOf(cyclic.find((id) => found.has(id)) as string);
    cycles.push([...cycle.slice(first), ...cycle.slice(0, first)]);
    left = left.filter((node) => !found.has(node.id));
  }
}

/** Each node that has no place in the order is fed by another such node, so walking against the wires must come around. */
function walkBack(start: string, cyclic: ReadonlySet<string>, edges: Edges): string[] {
  const fedBy = new Map<string, string>();
  for (const { from, to } of edges) if (cyclic.has(from.node) && cyclic.has(to.node)) fedBy.set(to.node, from.node);
  const seen = new Map<string, number>();
  const walk: string[] = [];
  let at = start;
  for (; !seen.has(at); at = fedBy.get(at) as string) {
    seen.set(at, walk.length);
    walk.push(at);
  }
  return walk.slice(seen.get(at)).reverse();
}
