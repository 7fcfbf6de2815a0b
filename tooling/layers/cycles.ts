/**
 * Circles in a directed graph, each as the list of its nodes in order, starting at the smallest name. One circle is
 * reported per group of nodes that reach each other.
 */
export function findCycles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const cycles = new Map<string, string[]>();
  for (const start of edges.keys()) walk(start);
  return [...cycles.values()];

  // An explicit stack, as a deep chain of files must not exhaust the call stack.
  function walk(start: string): void {
    if (done.has(start)) return;
    const path: string[] = [start];
    const onPath = new Set(path);
    const rest: string[][] = [[...(edges.get(start) ?? [])]];
    while (path.length > 0) {
      const next = rest.at(-1)?.pop();
      if (next === undefined) {
        const left = path.pop();
        rest.pop();
        if (left !== undefined) {
          onPath.delete(left);
          done.add(left);
        }
      } else if (onPath.has(next)) {
        const cycle = fromSmallest(path.slice(path.indexOf(next)));
        cycles.set(cycle.join('\n'), cycle);
      } else if (!done.has(next)) {
        path.push(next);
        onPath.add(next);
        rest.push([...(edges.get(next) ?? [])]);
      }
    }
  }
}

function fromSmallest(cycle: readonly string[]): string[] {
  const first = cycle.indexOf(cycle.reduce((a, b) => (b < a ? b : a)));
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
