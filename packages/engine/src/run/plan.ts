import { fallbackNodes, type Graph, type GraphEdge, type GraphNode, topologicalOrder } from '@imaginarium/protocol';
import type { NodeRegistry, RegisteredNode } from '../packages/node-registry.ts';

/** A node of the graph, ready to be executed. */
export interface PlannedNode {
  node: GraphNode;
  registered: RegisteredNode;
  /** Wires into it, by input port, in the order they were drawn. */
  wires: Map<string, GraphEdge[]>;
  /** The nodes that must settle first. */
  after: string[];
  /** Executes in this node's place when it fails. */
  fallback: PlannedNode | undefined;
}

/** A graph compiled for execution: every node after those that feed it. */
export interface Plan {
  graph: Graph;
  nodes: PlannedNode[];
}

/**
 * Compiles a graph that `validateGraph` found runnable.
 * @throws {Error} when a node type is not installed here.
 */
export function planRun(graph: Graph, registry: NodeRegistry): Plan {
  const planned = new Map(graph.nodes.map((node) => [node.id, planNode(node, registry)]));
  for (const edge of graph.edges) {
    const target = planned.get(edge.to.node);
    if (!target || !planned.has(edge.from.node)) continue;
    const wires = target.wires.get(edge.to.port);
    if (wires) wires.push(edge);
    else target.wires.set(edge.to.port, [edge]);
    if (!target.after.includes(edge.from.node)) target.after.push(edge.from.node);
  }
  for (const entry of planned.values()) {
    const onError = entry.node.policy?.onError;
    if (typeof onError === 'object') entry.fallback = planned.get(onError.fallback);
  }
  const standIns = fallbackNodes(graph);
  const { order } = topologicalOrder(graph.nodes, graph.edges);
  return { graph, nodes: order.filter((id) => !standIns.has(id)).map((id) => planned.get(id) as PlannedNode) };
}

function planNode(node: GraphNode, registry: NodeRegistry): PlannedNode {
  const registered = registry.find(node.type, node.version);
  if (!registered)
    throw new Error(`${node.name} needs the node type ${node.type} (version ${node.version}), which is not installed.`);
  return { node, registered, wires: new Map(), after: [], fallback: undefined };
}
