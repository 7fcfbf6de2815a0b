import type { GraphEdge, GraphNode } from './graph.ts';

/** An order in which every node comes after the nodes that feed it, and the nodes that have no such place because they lie on or behind a cycle. */
export interface TopologicalOrder {
  order: string[];
  cyclic: string[];
}

/**
 * Orders nodes so that every edge points forward (Kahn's algorithm, O((nodes + edges) log nodes)). Among nodes that are ready the one
 * listed first goes first: a list that is in order already stays as it is, and the order in which wires were drawn changes nothing.
 * Edges whose ends are missing are ignored: validation reports them.
 */
export function topologicalOrder(
  nodes: readonly Pick<GraphNode, 'id'>[],
  edges: readonly Pick<GraphEdge, 'from' | 'to'>[],
): TopologicalOrder {
  const ids = [...new Set(nodes.map((node) => node.id))];
  const place = new Map(ids.map((id, index) => [id, index]));
  const waitingFor = new Uint32Array(ids.length);
  const next: number[][] = ids.map(() => []);
  for (const { from, to } of edges) {
    const [source, target] = [place.get(from.node), place.get(to.node)];
    if (source === undefined || target === undefined) continue;
    waitingFor[target] = (waitingFor[target] as number) + 1;
    next[source]?.push(target);
  }
  const ready = new SmallestFirst();
  for (const [index, count] of waitingFor.entries()) if (count === 0) ready.add(index);
  const order: string[] = [];
  for (let at = ready.take(); at !== undefined; at = ready.take()) {
    order.push(ids[at] as string);
    for (const target of next[at] ?? []) {
      const left = (waitingFor[target] as number) - 1;
      waitingFor[target] = left;
      if (left === 0) ready.add(target);
    }
  }
  return { order, cyclic: ids.filter((_id, index) => (waitingFor[index] as number) > 0) };
}

/** A binary heap of numbers. */
class SmallestFirst {
  readonly #heap: number[] = [];

  add(value: number): void {
    const heap = this.#heap;
    let at = heap.push(value) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if ((heap[above] as number) <= value) break;
      heap[at] = heap[above] as number;
      at = above;
    }
    heap[at] = value;
  }

  take(): number | undefined {
    const heap = this.#heap;
    const smallest = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return smallest;
    let at = 0;
    for (let below = 1; below < heap.length; below = at * 2 + 1) {
      if (below + 1 < heap.length && (heap[below + 1] as number) < (heap[below] as number)) below++;
      if ((heap[below] as number) >= last) break;
      heap[at] = heap[below] as number;
      at = below;
    }
    heap[at] = last;
    return smallest;
  }
}
