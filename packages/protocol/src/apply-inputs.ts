import type { Graph } from './graph.ts';
import type { JsonObject } from './json.ts';

/**
 * The graph a run executes: what the run was asked with, put in the params that its inputs are bound to.
 * @throws {UnknownInputError} for an input the graph does not ask for.
 */
export function applyInputs(graph: Graph, inputs: JsonObject): Graph {
  const params = new Map<string, JsonObject>();
  for (const [key, value] of Object.entries(inputs)) {
    const input = graph.inputs.find((entry) => entry.key === key);
    if (!input)
      throw new UnknownInputError(
        key,
        graph.inputs.map((entry) => entry.key),
      );
    for (const target of input.to) params.set(target.node, { ...params.get(target.node), [target.param]: value });
  }
  if (params.size === 0) return graph;
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const given = params.get(node.id);
      return given ? { ...node, params: { ...node.params, ...given } } : node;
    }),
  };
}

/** A run was given an input that its graph does not ask for. */
export class UnknownInputError extends Error {
  readonly key: string;

  constructor(key: string, known: readonly string[]) {
    super(
      known.length > 0
        ? `inputs: expected ${known.join(', ')}, received "${key}"`
        : `inputs: this workflow asks for none, received "${key}"`,
    );
    this.name = 'UnknownInputError';
    this.key = key;
  }
}
