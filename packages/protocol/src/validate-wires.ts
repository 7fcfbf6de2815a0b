import type { Graph, GraphEdge, GraphNode } from './graph.ts';
import { innerEnd, loopsAround } from './loops.ts';
import type { NodeCatalogue, NodeDescription, PortSpec } from './node-description.ts';
import { refuseWire } from './port-type.ts';
import type { Problem } from './problem.ts';

/** The port that a node gets when its policy sends failed items on. */
export const ERROR_PORT = 'error';
const errorPortSpec: PortSpec = { type: 'json', title: 'Error' };

/** The output ports of a placed node: those of its type, and the error port when its policy asks for it. */
export function outputPorts(node: GraphNode, description: NodeDescription): Record<string, PortSpec> {
  return node.policy?.onError === 'error-port'
    ? { ...description.outputs, [ERROR_PORT]: errorPortSpec }
    : description.outputs;
}

/** Every problem of the wires: ends that are missing, ports that are unknown, taken or of another type, inputs left without a wire. */
export function validateWires(graph: Graph, byId: ReadonlyMap<string, GraphNode>, catalogue: NodeCatalogue): Problem[] {
  const problems: Problem[] = [];
  const wiredInputs = new Map<string, GraphEdge>();
  const wires = new Set<string>();
  for (const edge of graph.edges) {
    const source = byId.get(edge.from.node);
    const target = byId.get(edge.to.node);
    if (!source || !target) {
      problems.push(danglingWire(edge, source ? edge.to.node : edge.from.node));
      continue;
    }
    const wire = JSON.stringify([edge.from.node, edge.from.port, edge.to.node, edge.to.port]);
    if (wires.has(wire)) {
      problems.push({
        code: 'duplicate-wire',
        severity: 'error',
        edge: edge.id,
        message: `${source.name} and ${target.name} are wired twice by the same ports.`,
        remedy: 'Remove one of the two wires.',
      });
      continue;
    }
    wires.add(wire);
    const inner = innerEnd(edge, byId);
    const input = `${edge.to.node}\n${edge.to.port}`;
    if (!inner && loopOf(source, byId) !== loopOf(target, byId)) {
      problems.push(crossingWire(edge, source, target, byId));
      wiredInputs.set(input, edge);
      continue;
    }
    problems.push(...wireProblems(edge, source, target, inner, catalogue, wiredInputs.get(input)));
    wiredInputs.set(input, edge);
  }
  const fallbacks = fallbackNodes(graph);
  for (const node of graph.nodes) {
    const description = catalogue.describe(node.type, node.version);
    if (!description || node.disabled || fallbacks.has(node.id)) continue;
    for (const [port, spec] of Object.entries({ ...description.inputs, ...description.body?.takes })) {
      if (spec.optional || wiredInputs.has(`${node.id}\n${port}`)) continue;
      problems.push({
        code: 'missing-wire',
        severity: 'blocked',
        node: node.id,
        port,
        message: `${node.name} has nothing wired to its ${spec.title ?? port} port.`,
        remedy: Object.hasOwn(description.inputs, port)
          ? 'Wire another node to it, or disable the node.'
          : `Place nodes in ${node.name}, and wire the last of them to its inner port ${spec.title ?? port}.`,
      });
    }
  }
  return problems;
}

/** The nodes that only stand in for others: they execute in a failing node's place and need no wires of their own. */
export function fallbackNodes(graph: Graph): ReadonlySet<string> {
  return new Set(
    graph.nodes.flatMap((node) => {
      const onError = node.policy?.onError;
      return typeof onError === 'object' ? [onError.fallback] : [];
    }),
  );
}

/** The loop that a node really stands in: one that is missing, or around itself, is a problem of its own. */
function loopOf({ id, parent }: GraphNode, byId: ReadonlyMap<string, GraphNode>): string | undefined {
  return parent ? loopsAround(id, byId)[0] : undefined;
}

function crossingWire(
  edge: GraphEdge,
  source: GraphNode,
  target: GraphNode,
  byId: ReadonlyMap<string, GraphNode>,
): Problem {
  const placeOf = (node: GraphNode) => {
    const loop = loopOf(node, byId);
    return loop === undefined ? 'outside of the loops' : `inside ${byId.get(loop)?.name}`;
  };
  return {
    code: 'crossing-wire',
    severity: 'error',
    edge: edge.id,
    node: target.id,
    port: edge.to.port,
    message: `A wire crosses the border of a loop: ${source.name} stands ${placeOf(source)}, ${target.name} ${placeOf(target)}.`,
    remedy: "Wire what goes in and out to the loop's own ports, or place both nodes on the same side.",
  };
}

function danglingWire(edge: GraphEdge, missing: string): Problem {
  return {
    code: 'edge-without-node',
    severity: 'error',
    edge: edge.id,
    message: `A wire ends at the node "${missing}", which is not in the graph.`,
    remedy: 'Remove the wire.',
  };
}

function wireProblems(
  edge: GraphEdge,
  source: GraphNode,
  target: GraphNode,
  inner: 'from' | 'to' | undefined,
  catalogue: NodeCatalogue,
  earlier: GraphEdge | undefined,
): Problem[] {
  const from = catalogue.describe(source.type, source.version);
  const to = catalogue.describe(target.type, target.version);
  const outputs = from && (inner === 'from' ? (from.body?.gives ?? {}) : outputPorts(source, from));
  const inputs = to && (inner === 'to' ? (to.body?.takes ?? {}) : to.inputs);
  const output = outputs && ownPort(outputs, edge.from.port);
  const input = inputs && ownPort(inputs, edge.to.port);
  const problems: Problem[] = [];
  // A placeholder keeps its wires: nobody can say which ports a missing type has.
  const [given, taken] = [inner === 'from' ? 'inner' : 'output', inner === 'to' ? 'inner' : 'input'] as const;
  if (outputs && !output) problems.push(unknownPort(edge, source, edge.from.port, given, Object.keys(outputs)));
  if (inputs && !input) problems.push(unknownPort(edge, target, edge.to.port, taken, Object.keys(inputs)));
  if (input && earlier && !input.many) {
    problems.push({
      code: 'port-taken',
      severity: 'error',
      edge: edge.id,
      node: target.id,
      port: edge.to.port,
      message: `The ${input.title ?? edge.to.port} port of ${target.name} already has a wire.`,
      remedy: 'Remove the other wire, or join the two with a merge node.',
    });
  }
  const refusal = output && input && refuseWire(output.type, input.type);
  if (refusal) {
    problems.push({
      code: 'wrong-port-type',
      severity: 'error',
      edge: edge.id,
      node: target.id,
      port: edge.to.port,
      message: `${source.name} to ${target.name}: ${refusal.message}`,
      remedy: refusal.remedy,
    });
  }
  return problems;
}

function ownPort(ports: Record<string, PortSpec>, name: string): PortSpec | undefined {
  return Object.hasOwn(ports, name) ? ports[name] : undefined;
}

function unknownPort(
  edge: GraphEdge,
  node: GraphNode,
  port: string,
  side: 'input' | 'output' | 'inner',
  known: string[],
): Problem {
  return {
    code: 'unknown-port',
    severity: 'error',
    edge: edge.id,
    node: node.id,
    port,
    message: `${node.name} has no ${side} port "${port}".`,
    remedy: known.length > 0 ? `Use ${known.join(' or ')}.` : `Remove the wire: ${node.name} has no ${side} ports.`,
  };
}
