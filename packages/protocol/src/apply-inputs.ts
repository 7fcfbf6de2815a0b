import { hasExpression, holdsExpression } from './expression.ts';
import type { Graph, GraphNode } from './graph.ts';
import { type Json, type JsonObject, stableStringify } from './json.ts';
import type { NodeCatalogue } from './node-description.ts';

/**
 * The graph a run executes: what the run was asked with, put in the params that its inputs are bound to. What a run brings is data: a text
 * with `{{ }}` in it becomes a reference to itself, so that it arrives as it was written and is never read as an expression. A value equal to
 * the one the param stores changes nothing, so an expression of the graph's author stays one.
 * @param catalogue tells which params hold program text, where `{{ }}` means nothing and needs no care.
 * @throws {UnknownInputError} for an input the graph does not ask for.
 */
export function applyInputs(graph: Graph, inputs: JsonObject, catalogue?: NodeCatalogue): Graph {
  const given = new Map<string, Map<string, { key: string; value: Json }>>();
  for (const [key, value] of Object.entries(inputs)) {
    const input = graph.inputs.find((entry) => entry.key === key);
    if (!input)
      throw new UnknownInputError(
        key,
        graph.inputs.map((entry) => entry.key),
      );
    for (const { node, param } of input.to) {
      const params = given.get(node) ?? new Map();
      given.set(node, params.set(param, { key, value }));
    }
  }
  if (given.size === 0) return graph;
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const params = given.get(node.id);
      if (!params) return node;
      const filled = [...params].map(([param, { key, value }]) => [
        param,
        !holdsExpression(value) || isVerbatim(node, param, value, catalogue)
          ? value
          : asData(value, `run.inputs${step(key)}`),
      ]);
      return { ...node, params: { ...node.params, ...Object.fromEntries(filled) } };
    }),
  };
}

function isVerbatim(node: GraphNode, param: string, value: Json, catalogue: NodeCatalogue | undefined): boolean {
  const specs = catalogue?.describe(node.type, node.version)?.params;
  if (specs && Object.hasOwn(specs, param) && specs[param]?.kind === 'code') return true;
  return Object.hasOwn(node.params, param) && stableStringify(node.params[param]) === stableStringify(value);
}

/** The value with each text that holds `{{` replaced by the path that leads to it. */
function asData(value: Json, path: string): Json {
  if (typeof value === 'string') return hasExpression(value) ? `{{ ${path} }}` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((entry, index) => asData(entry, `${path}[${index}]`));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asData(entry, path + step(key))]));
}

/** A key as a path writes it. Braces are escaped, for two of them would end the expression. */
function step(key: string): string {
  return `["${key.replaceAll(/["\\}]/g, '\\$&')}"]`;
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
