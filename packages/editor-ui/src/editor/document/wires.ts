import {
  type Graph,
  type GraphEdge,
  type GraphNode,
  type NodeCatalogue,
  type PortSpec,
  refuseWire,
  type WireRefusal,
} from '@imaginarium/protocol';
import { levelEdges, loopOfPort, portsOn } from './loops.ts';

/** One end of a wire. */
export interface PortRef {
  node: string;
  port: string;
}

/** A wire that may be drawn. */
export interface Wire {
  from: PortRef;
  to: PortRef;
}

/** Why a wire cannot be drawn. The codes name sentences of the screen; `detail` is the type clash in words. */
export interface WireObjection {
  code: 'loop-border' | 'same-node' | 'already-wired' | 'port-taken' | 'circle' | 'wrong-type' | 'no-such-port';
  /** Names for the sentence: the node that is wired to, and its port. */
  node: string;
  port: string;
  detail?: WireRefusal;
}

/** What the port of a placed node takes or gives; undefined when its type is missing or has no such port. */
export function portSpec(
  node: GraphNode,
  side: 'input' | 'output',
  port: string,
  catalogue: NodeCatalogue,
): PortSpec | undefined {
  const description = catalogue.describe(node.type, node.version);
  if (!description) return undefined;
  const ports = portsOn(side, node, description);
  return Object.hasOwn(ports, port) ? ports[port] : undefined;
}

/** Says why a wire does not fit into the graph, or nothing when it does. */
export function objectToWire(graph: Graph, wire: Wire, catalogue: NodeCatalogue): WireObjection | undefined {
  const source = graph.nodes.find((node) => node.id === wire.from.node);
  const target = graph.nodes.find((node) => node.id === wire.to.node);
  const output = source && portSpec(source, 'output', wire.from.port, catalogue);
  const input = target && portSpec(target, 'input', wire.to.port, catalogue);
  const names = { node: target?.name ?? wire.to.node, port: input?.title ?? wire.to.port };
  if (!source || !target || !output || !input) return { code: 'no-such-port', ...names };
  if (source === target) return { code: 'same-node', ...names };
  const border = loopOfPort(source, 'output', wire.from.port, catalogue);
  if (border !== loopOfPort(target, 'input', wire.to.port, catalogue)) return { code: 'loop-border', ...names };
  const detail = refuseWire(output.type, input.type);
  if (detail) return { code: 'wrong-type', ...names, detail };
  if (graph.edges.some((edge) => isSamePort(edge.from, wire.from) && isSamePort(edge.to, wire.to)))
    return { code: 'already-wired', ...names };
  if (!input.many && graph.edges.some((edge) => isSamePort(edge.to, wire.to))) return { code: 'port-taken', ...names };
  const isInner = border === source.id || border === target.id;
  return !isInner && reaches({ edges: levelEdges(graph) }, wire.to.node, wire.from.node)
    ? { code: 'circle', ...names }
    : undefined;
}

/** The graph with one wire more, or the graph itself when the wire does not fit. */
export function connect(graph: Graph, wire: Wire, id: string, catalogue: NodeCatalogue): Graph {
  if (objectToWire(graph, wire, catalogue)) return graph;
  const edge: GraphEdge = { id, from: wire.from, to: wire.to };
  return { ...graph, edges: [...graph.edges, edge] };
}

/** Whether `to` lies behind `from` along the wires. */
export function reaches(graph: Pick<Graph, 'edges'>, from: string, to: string): boolean {
  const next = new Map<string, string[]>();
  for (const edge of graph.edges) {
    const targets = next.get(edge.from.node);
    if (targets) targets.push(edge.to.node);
    else next.set(edge.from.node, [edge.to.node]);
  }
  const seen = new Set<string>([from]);
  for (const node of seen) {
    if (node === to) return true;
    for (const target of next.get(node) ?? []) seen.add(target);
  }
  return false;
}

function isSamePort(a: PortRef, b: PortRef): boolean {
  return a.node === b.node && a.port === b.port;
}
