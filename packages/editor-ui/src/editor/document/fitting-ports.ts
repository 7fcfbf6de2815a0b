import { type Graph, type NodeCatalogue, type NodeDescription, refuseWire } from '@imaginarium/protocol';
import { levelEdges, loopOfPort, portsOn } from './loops.ts';
import { type PortRef, portSpec } from './wires.ts';

export type Side = 'input' | 'output';

/** One end of a wire that is being drawn. */
export interface WireEnd extends PortRef {
  side: Side;
}

/** Names a port among all ports of a graph. */
export function portKey(node: string, side: Side, port: string): string {
  return `${node} ${side} ${port}`;
}

/**
 * The ports that a wire from `end` could end at: of a fitting type, not taken, and closing no circle. Equal to asking
 * `objectToWire` for each port, in one walk over the graph, so that it is quick enough while a wire is drawn.
 */
export function fittingPorts(graph: Graph, end: WireEnd, catalogue: NodeCatalogue): ReadonlySet<string> {
  const here = graph.nodes.find((node) => node.id === end.node);
  const spec = here && portSpec(here, end.side, end.port, catalogue);
  const fits = new Set<string>();
  if (!here || !spec) return fits;
  const loop = loopOfPort(here, end.side, end.port, catalogue);
  const level = levelEdges(graph);
  // Nothing closes a circle through the inner ports of a loop.
  const before =
    loop === here.id ? new Set([here.id]) : end.side === 'output' ? feeding(level, here.id) : fedBy(level, here.id);
  const ends = graph.edges.map((edge) => ({ to: portKey(edge.to.node, 'input', edge.to.port), edge }));
  const taken = new Set(ends.map(({ to }) => to));
  const alreadyThere = new Set(
    ends.filter(({ edge }) => edge.from.node === end.node && edge.from.port === end.port).map(({ to }) => to),
  );
  if (end.side === 'input' && !spec.many && taken.has(portKey(end.node, 'input', end.port))) return fits;
  for (const node of graph.nodes) {
    const description = catalogue.describe(node.type, node.version);
    if (!description || node === here || (before.has(node.id) && node.id !== loop)) continue;
    const other: Side = end.side === 'output' ? 'input' : 'output';
    for (const [name, port] of Object.entries(portsOn(other, node, description))) {
      if (loopOfPort(node, other, name, catalogue) !== loop) continue;
      const key = portKey(node.id, other, name);
      const refused = end.side === 'output' ? refuseWire(spec.type, port.type) : refuseWire(port.type, spec.type);
      if (refused) continue;
      if (other === 'input' && ((taken.has(key) && !port.many) || alreadyThere.has(key))) continue;
      if (other === 'output' && isWired(graph, { node: node.id, port: name }, end)) continue;
      fits.add(key);
    }
  }
  return fits;
}

/** The port of a node type that a wire from `end` would go to when the node is added; undefined when none fits. */
export function portFor(
  description: NodeDescription,
  graph: Graph,
  end: WireEnd,
  catalogue: NodeCatalogue,
): string | undefined {
  const here = graph.nodes.find((node) => node.id === end.node);
  const spec = here && portSpec(here, end.side, end.port, catalogue);
  if (!spec) return undefined;
  const ports = Object.entries(end.side === 'output' ? description.inputs : description.outputs);
  const fitting = ports.filter(
    ([, port]) => !(end.side === 'output' ? refuseWire(spec.type, port.type) : refuseWire(port.type, spec.type)),
  );
  return (fitting.find(([, port]) => port.type === spec.type) ?? fitting[0])?.[0];
}

/** A node and everything that leads to it. */
function feeding(edges: Graph['edges'], id: string): ReadonlySet<string> {
  return walk(
    id,
    edges.map((edge) => [edge.to.node, edge.from.node]),
  );
}

/** A node and everything that it leads to. */
function fedBy(edges: Graph['edges'], id: string): ReadonlySet<string> {
  return walk(
    id,
    edges.map((edge) => [edge.from.node, edge.to.node]),
  );
}

function walk(start: string, steps: readonly (readonly [string, string])[]): ReadonlySet<string> {
  const next = new Map<string, string[]>();
  for (const [from, to] of steps) next.set(from, [...(next.get(from) ?? []), to]);
  const seen = new Set([start]);
  for (const node of seen) for (const target of next.get(node) ?? []) seen.add(target);
  return seen;
}

function isWired(graph: Graph, from: PortRef, to: PortRef): boolean {
  return graph.edges.some(
    (edge) =>
      edge.from.node === from.node &&
      edge.from.port === from.port &&
      edge.to.node === to.node &&
      edge.to.port === to.port,
  );
}
