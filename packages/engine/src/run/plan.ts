import { fallbackNodes, type Graph, type GraphEdge, type GraphNode, topologicalOrder } from '@imaginarium/protocol';
import type { NodeRegistry, RegisteredNode } from '../packages/node-registry.ts';
import { nodesNamedIn } from './nodes-named-in.ts';

/** A node of the graph, ready to be executed. */
export interface PlannedNode {
  node: GraphNode;
  registered: RegisteredNode;
  /** Wires into it, by input port, in the order they were drawn. */
  wires: Map<string, GraphEdge[]>;
  /** The nodes that must settle first: those wired to it, and those its expressions name. */
  after: Set<string>;
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
    target.after.add(edge.from.node);
  }
  for (const entry of planned.values()) {
    const onError = entry.node.policy?.onError;
    if (typeof onError === 'object') entry.fallback = planned.get(onError.fallback);
  }
  const standIns = fallbackNodes(graph);
  const { order, references } = orderWithReferences(graph);
  for (const { from, to } of references) planned.get(to.node)?.after.add(from.node);
  return { graph, nodes: order.filter((id) => !standIns.has(id)).map((id) => planned.get(id) as PlannedNode) };
}

type Reference = Pick<GraphEdge, 'from' | 'to'>;

/** The order in which wires and expressions agree. An expression that names a node further down finds nothing there, so it orders nothing. */
function orderWithReferences(graph: Graph): { order: string[]; references: Reference[] } {
  const idOf = new Map(graph.nodes.toReversed().map((node) => [node.name, node.id]));
  const end = (node: string) => ({ node, port: '' });
  const references = graph.nodes.flatMap((node) =>
    nodesNamedIn(node.params).flatMap((name): Reference[] => {
      const id = idOf.get(name);
      return id === undefined ? [] : [{ from: end(id), to: end(node.id) }];
    }),
  );
  const { order, cyclic } = topologicalOrder(graph.nodes, [...graph.edges, ...references]);
  if (cyclic.length === 0) return { order, references };
  const stuck = new Set(cyclic);
  const kept = references.filter(({ from, to }) => !stuck.has(from.node) || !stuck.has(to.node));
  return { order: topologicalOrder(graph.nodes, [...graph.edges, ...kept]).order, references: kept };
}

function planNode(node: GraphNode, registry: NodeRegistry): PlannedNode {
  const registered = registry.find(node.type, node.version);
  if (!registered)
    throw new Error(`${node.name} needs the node type ${node.type} (version ${node.version}), which is not installed.`);
  return { node, registered, wires: new Map(), after: new Set(), fallback: undefined };
}
