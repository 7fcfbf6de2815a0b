import type { Graph, Item, PortItems } from '@imaginarium/protocol';
import type { PlannedNode } from './plan.ts';

/** Why a node has nothing to do: something it needs got no items. Undefined when it can execute. */
export function skipReason(
  { wires, registered }: PlannedNode,
  inputs: Readonly<Record<string, readonly Item[]>>,
  graph: Graph,
): string | undefined {
  if (wires.size === 0) return undefined;
  const { description } = registered.definition;
  const nameOf = (id: string | undefined) => graph.nodes.find((node) => node.id === id)?.name ?? id;
  for (const [port, edges] of wires) {
    if (description.inputs[port]?.optional || (inputs[port]?.length ?? 0) > 0) continue;
    return `Nothing came from ${nameOf(edges[0]?.from.node)}.`;
  }
  const some = Object.values(inputs).some((items) => items.length > 0);
  return some ? undefined : 'Nothing came from the nodes wired to it.';
}

/** What a disabled node hands on: for each output, the items of the first input of the same type. */
export function passThrough({ registered }: PlannedNode, inputs: Readonly<Record<string, Item[]>>): PortItems {
  const { description } = registered.definition;
  const outputs: PortItems = {};
  for (const [port, spec] of Object.entries(description.outputs)) {
    const source = Object.entries(description.inputs).find(([, input]) => input.type === spec.type)?.[0];
    const items = source === undefined ? undefined : inputs[source];
    if (items && items.length > 0) outputs[port] = items;
  }
  return outputs;
}
