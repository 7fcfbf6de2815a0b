import type { Graph, GraphNode } from '@imaginarium/protocol';
import type { NodeRegistry } from '../packages/node-registry.ts';
import { type Plan, planRun } from './plan.ts';

/** Plans of graphs that are held on to, as those of versions are. */
const plans = new WeakMap<Graph, { edition: object; plan: Plan }>();

/**
 * The plan of a graph with a run's inputs in it. Inputs are data: they change what nodes are given and never their order, so a graph is
 * planned once and each run puts its own nodes in the plan's places. Neither graph must be changed afterwards.
 * @param applied what `applyInputs` made of the graph.
 * @throws as {@link planRun}.
 */
export function planApplied(graph: Graph, applied: Graph, registry: NodeRegistry): Plan {
  const { edition } = registry;
  let known = plans.get(graph);
  if (known?.edition !== edition) {
    known = { edition, plan: planRun(graph, registry) };
    plans.set(graph, known);
  }
  const { plan } = known;
  if (applied === graph) return plan;
  const changed = new Map<string, GraphNode>();
  for (const [place, node] of applied.nodes.entries()) if (node !== graph.nodes[place]) changed.set(node.id, node);
  let found = 0;
  const nodes = plan.nodes.map((planned) => {
    const node = changed.get(planned.node.id);
    if (!node) return planned;
    found++;
    // Its params follow from what the run was given.
    return { ...planned, node, fixedParams: undefined };
  });
  // Some stand elsewhere too: in a container, or in the place of another node that fails.
  const isElsewhere =
    found < changed.size || plan.nodes.some(({ fallback }) => fallback && changed.has(fallback.node.id));
  return isElsewhere ? planRun(applied, registry) : { ...plan, graph: applied, nodes };
}
