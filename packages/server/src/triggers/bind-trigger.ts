import { type Graph, type NodeCatalogue, TRIGGER_PARAM } from '@imaginarium/protocol';

/**
 * The graph of a run that a trigger starts: what the trigger brings comes in as a run input bound to its node, so that it is data and
 * never read as an expression; the other triggers give nothing.
 * @returns the graph, and the name of that input.
 */
export function bindTrigger(graph: Graph, node: string, catalogue: NodeCatalogue): { graph: Graph; key: string } {
  const nodes = graph.nodes.map((other) =>
    other.id !== node && catalogue.describe(other.type, other.version)?.trigger ? { ...other, disabled: true } : other,
  );
  const isBound = (to: { node: string; param: string }) => to.node === node && to.param === TRIGGER_PARAM;
  const inputs = graph.inputs
    .map((input) => ({ ...input, to: input.to.filter((to) => !isBound(to)) }))
    .filter((input) => input.to.length > 0);
  const taken = new Set(inputs.map((input) => input.key));
  let key = 'trigger';
  for (let count = 2; taken.has(key); count += 1) key = `trigger${count}`;
  return { graph: { ...graph, nodes, inputs: [...inputs, { key, to: [{ node, param: TRIGGER_PARAM }] }] }, key };
}
