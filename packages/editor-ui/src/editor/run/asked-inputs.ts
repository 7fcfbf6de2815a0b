import { type Graph, type Json, type NodeCatalogue, type ParamSpec, withDefaults } from '@imaginarium/protocol';

/** Something a run asks for, as its form draws it. */
export interface AskedInput {
  key: string;
  title: string;
  spec: ParamSpec;
  /** What the param holds: the value that is proposed. */
  value: Json;
}

/** What a run of a graph asks for. Inputs whose node type is missing are left out: the graph cannot run with them anyway. */
export function askedInputs(graph: Graph, catalogue: NodeCatalogue): AskedInput[] {
  return graph.inputs.flatMap((input): AskedInput[] => {
    const [target] = input.to;
    const node = graph.nodes.find((entry) => entry.id === target?.node);
    const description = node && catalogue.describe(node.type, node.version);
    const spec = target && description?.params[target.param];
    if (!node || !description || !spec || !target) return [];
    const value = withDefaults(description.params, node.params)[target.param] ?? null;
    return [{ key: input.key, title: input.title ?? spec.title, spec, value }];
  });
}
