import type { Graph } from '@imaginarium/protocol';

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The node to go to from another by an arrow key: left and right follow the wires (the topmost one where there are several), up and
 * down go to the nearest node in that direction.
 */
export function neighbourOf(graph: Graph, id: string, direction: Direction): string | undefined {
  const here = graph.nodes.find((node) => node.id === id);
  if (!here) return undefined;
  if (direction === 'left' || direction === 'right') {
    const ids = graph.edges.flatMap((edge) => {
      if (direction === 'right') return edge.from.node === id ? [edge.to.node] : [];
      return edge.to.node === id ? [edge.from.node] : [];
    });
    const nodes = graph.nodes.filter((node) => ids.includes(node.id));
    return nodes.toSorted((a, b) => a.position.y - b.position.y)[0]?.id;
  }
  const sign = direction === 'down' ? 1 : -1;
  const candidates = graph.nodes.filter((node) => node.id !== id && (node.position.y - here.position.y) * sign > 0);
  // A step sideways counts double: the eye looks for the card above or below first.
  const distance = (node: (typeof graph.nodes)[number]) =>
    Math.abs(node.position.y - here.position.y) + 2 * Math.abs(node.position.x - here.position.x);
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0]?.id;
}
