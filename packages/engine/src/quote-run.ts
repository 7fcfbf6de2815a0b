import { applyInputs, type Graph, type JsonObject, type Quote } from '@imaginarium/protocol';
import type { NodeRegistry } from './packages/node-registry.ts';
import type { PlannedNode } from './run/plan.ts';
import { planApplied } from './run/plan-applied.ts';
import { resolveParams } from './run/resolve-params.ts';
import { priceOf } from './run/step-price.ts';

/** Milliseconds per item that node types took before, by `type@version`. */
export type MeasuredMs = ReadonlyMap<string, number>;

/**
 * Says what a run will cost by the nodes' own prices, and how long it will take along its longest path. Numbers of items are followed
 * through the graph by what each node says it yields.
 * @param graph a graph without problems that keep it from running, but for empty params: a node whose params do not fit counts with its defaults.
 * @throws {UnknownInputError} for an input that the graph does not ask for.
 */
export function quoteRun(graph: Graph, inputs: JsonObject, registry: NodeRegistry, measured: MeasuredMs): Quote {
  const plan = planApplied(graph, applyInputs(graph, inputs, registry), registry);
  const expected = new Map<string, { items: number; readyMs: number }>();
  const nodes: Quote['nodes'] = [];
  let guessed = false;
  for (const planned of plan.nodes) {
    const { node, registered, after } = planned;
    const items = planned.wires.size === 0 ? 1 : itemsReaching(planned, (id) => expected.get(id)?.items ?? 0);
    const startMs = Math.max(0, ...[...after].map((id) => expected.get(id)?.readyMs ?? 0));
    const { definition } = registered;
    const params = paramsOf(planned);
    const { waits } = definition.description;
    const perItemMs = waits ? undefined : measured.get(`${node.type}@${node.version}`);
    if (perItemMs === undefined && !waits && !node.disabled) guessed = true;
    const estimateMs = node.disabled
      ? 0
      : Math.round((perItemMs ?? definition.description.typicalMs) * Math.max(1, items));
    const credits = node.disabled ? 0 : priceOf(definition, params, items);
    nodes.push({ node: node.id, name: node.name, items, credits, estimateMs });
    const leaving = node.disabled ? items : definition.yields({ params, items });
    expected.set(node.id, { items: leaving, readyMs: startMs + estimateMs });
  }
  return {
    total: nodes.reduce((sum, entry) => sum + entry.credits, 0),
    nodes,
    estimateMs: Math.max(0, ...[...expected.values()].map((entry) => entry.readyMs)),
    measured: !guessed,
  };
}

/** Items on the port that gets most; several wires on one port add up. */
function itemsReaching({ wires }: PlannedNode, leaving: (node: string) => number): number {
  const ports = [...wires.values()].map((edges) => edges.reduce((sum, edge) => sum + leaving(edge.from.node), 0));
  return Math.max(0, ...ports);
}

/** The node's params as far as they are known before a run: an expression counts as its default. */
function paramsOf({ node, registered }: PlannedNode): JsonObject {
  const { params: specs } = registered.definition.description;
  const known = Object.fromEntries(
    Object.entries(node.params).filter(([, value]) => !(typeof value === 'string' && value.includes('{{'))),
  );
  try {
    return resolveParams(specs, known);
  } catch {
    return Object.fromEntries(
      Object.entries({ ...specs }).map(([key, spec]) => [key, known[key] ?? spec.default]),
    ) as JsonObject;
  }
}
