import { applyInputs, type Graph, type JsonObject } from '@imaginarium/protocol';
import { knownParams } from '../call/known-params.ts';
import type { NodeRegistry } from '../packages/node-registry.ts';
import type { PlannedNode } from '../plan/plan.ts';
import { planApplied } from '../plan/plan-applied.ts';

/**
 * What the nodes of a graph say of themselves before a run, by node; those that have nothing to say are not in it. A node that fails to say it
 * has said nothing: the run will tell.
 * @param graph a graph that can be quoted.
 */
export async function remarksOf(
  graph: Graph,
  inputs: JsonObject,
  registry: NodeRegistry,
  modelsFolder: string,
): Promise<Map<string, readonly string[]>> {
  const { nodes } = planApplied(graph, applyInputs(graph, inputs, registry), registry);
  const said = await Promise.all(
    withInner(nodes).map(async (planned) => {
      const { definition } = planned.registered;
      if (planned.node.disabled || !definition.remarks) return [];
      const remarks = await definition.remarks({ params: knownParams(planned), modelsFolder }).catch(() => []);
      return remarks.length > 0 ? [[planned.node.id, remarks] as const] : [];
    }),
  );
  return new Map(said.flat());
}

/** Nodes and what stands inside of them. */
function withInner(nodes: readonly PlannedNode[]): PlannedNode[] {
  return nodes.flatMap((planned) => [planned, ...withInner(planned.inside ?? [])]);
}
