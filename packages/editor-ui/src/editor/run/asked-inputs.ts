import {
  type Graph,
  isEmptyValue,
  type Json,
  type JsonObject,
  type NodeCatalogue,
  type ParamSpec,
  refuseParamValue,
  withDefaults,
} from '@imaginarium/protocol';

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

/** What still keeps a run from being started: inputs without a value that must have one, or with one that does not fit. */
export function missingInputs(inputs: readonly AskedInput[], given: JsonObject): AskedInput[] {
  return inputs.filter(({ key, spec, value }) => {
    const held = given[key] ?? value;
    return (spec.required && isEmptyValue(held)) || refuseParamValue(spec, held) !== undefined;
  });
}
