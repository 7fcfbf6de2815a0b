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
  let some = false;
  for (const [port, edges] of wires) {
    if ((inputs[port]?.length ?? 0) > 0) {
      some = true;
      continue;
    }
    if (description.inputs[port]?.optional) continue;
    const id = edges[0]?.from.node;
    return `Nothing came from ${graph.nodes.find((node) => node.id === id)?.name ?? id}.`;
  }
  return some ? undefined : 'Nothing came from the nodes wired to it.';
}

/**
 * Which input each output of a disabled node hands on: the first of its type that no output before it does, so that nothing goes two ways.
 * Outputs that are left without one hand on nothing.
 */
export function handedOn({ registered }: PlannedNode): Map<string, string> {
  const { inputs, outputs } = registered.definition.description;
  const left = new Map(Object.entries(inputs));
  const sources = new Map<string, string>();
  for (const [port, { type }] of Object.entries(outputs)) {
    const source = [...left].find(([, input]) => input.type === type)?.[0];
    if (source === undefined) continue;
    left.delete(source);
    sources.set(port, source);
  }
  return sources;
}

/** What a disabled node hands on, as {@link handedOn} says. */
export function passThrough(planned: PlannedNode, inputs: Readonly<Record<string, Item[]>>): PortItems {
  const outputs: PortItems = {};
  for (const [port, source] of handedOn(planned)) {
    const items = inputs[source];
    if (items && items.length > 0) outputs[port] = items;
  }
  return outputs;
}
