import {
  type Graph,
  type GraphNode,
  innerEnd,
  loopsAround,
  type NodeCatalogue,
  type NodeDescription,
  nodesInside,
  outputPorts,
  type PortSpec,
} from '@imaginarium/protocol';
import { refusePlace } from './place-in.ts';

type Side = 'input' | 'output';

/** All ports of a placed node on one side. Those on the inside of a loop take part: what it takes is an input, what it gives an output. */
export function portsOn(side: Side, node: GraphNode, description: NodeDescription): Record<string, PortSpec> {
  return side === 'input'
    ? { ...description.inputs, ...description.body?.takes }
    : { ...outputPorts(node, description), ...description.body?.gives };
}

/** In which loop the wires of a port lie; null on the canvas. Ports on the inside of a loop lie in it, all others around their node. */
export function loopOfPort(node: GraphNode, side: Side, port: string, catalogue: NodeCatalogue): string | null {
  const body = catalogue.describe(node.type, node.version)?.body;
  const inner = side === 'input' ? body?.takes : body?.gives;
  return inner && Object.hasOwn(inner, port) ? node.id : (node.parent ?? null);
}

/** The wires of a graph that lie between nodes of one level: those at the inner ports of loops close no circle. */
export function levelEdges({ nodes, edges }: Graph): Graph['edges'] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return edges.filter((edge) => !innerEnd(edge, byId));
}

/** The loops that nodes may be placed in: not themselves, none that stands in them, and none that the server would refuse. */
export function loopsFor(graph: Graph, ids: readonly string[], catalogue: NodeCatalogue): GraphNode[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.nodes.filter(
    (node) =>
      catalogue.describe(node.type, node.version)?.body &&
      ![node.id, ...loopsAround(node.id, byId)].some((id) => ids.includes(id)) &&
      refusePlace(graph, ids, node.id, catalogue) === undefined,
  );
}

/** Where a node belongs that is added while another is selected: in the loop that this one is, or stands in. */
export function loopBeside(node: GraphNode | undefined, catalogue: NodeCatalogue): string | null {
  if (!node) return null;
  return catalogue.describe(node.type, node.version)?.body ? node.id : (node.parent ?? null);
}

/** Nodes, and all that is placed in those of them that are loops. */
export function withInside(graph: Graph, ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => [id, ...nodesInside(graph, id)]))];
}
