import {
  type Graph,
  type GraphNode,
  type NodeDescription,
  outputPorts,
  type PortSpec,
  type PortType,
} from '@imaginarium/protocol';

/** A port as a card draws it. */
export interface CardPort {
  name: string;
  title: string;
  type: PortType;
  optional: boolean;
}

/** Distance of the first port from the card's top, and from one port to the next, in pixels. */
export const PORT_TOP_PX = 22;
export const PORT_STEP_PX = 24;

/** The ports at the sides of a node whose type is known. */
export function portsOf(node: GraphNode, description: NodeDescription): { inputs: CardPort[]; outputs: CardPort[] } {
  return { inputs: listOf(description.inputs), outputs: listOf(outputPorts(node, description)) };
}

/** The ports on the inside of a loop: what it gives to the nodes in it, and what it takes from them. */
export function innerPortsOf({ body }: NodeDescription): { gives: CardPort[]; takes: CardPort[] } {
  return { gives: listOf(body?.gives ?? {}), takes: listOf(body?.takes ?? {}) };
}

function listOf(ports: Readonly<Record<string, PortSpec>>): CardPort[] {
  return Object.entries(ports).map(([name, spec]) => ({
    name,
    title: spec.title ?? titleFrom(name),
    type: spec.type,
    optional: spec.optional ?? false,
  }));
}

/** The ports of a node whose type is missing: nobody knows them all, but its wires tell of those that are in use. */
export function portsFromWires(graph: Pick<Graph, 'edges'>, id: string): { inputs: string[]; outputs: string[] } {
  const inputs = graph.edges.flatMap((edge) => (edge.to.node === id ? [edge.to.port] : []));
  const outputs = graph.edges.flatMap((edge) => (edge.from.node === id ? [edge.from.port] : []));
  return { inputs: [...new Set(inputs)], outputs: [...new Set(outputs)] };
}

/** A port of a missing type: what it takes or gives is unknown. */
export function unknownPort(name: string): CardPort {
  return { name, title: titleFrom(name), type: 'any', optional: true };
}

function titleFrom(name: string): string {
  const words = name
    .replaceAll(/[-_]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
