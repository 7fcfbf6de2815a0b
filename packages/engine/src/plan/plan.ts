import {
  fallbackNodes,
  type Graph,
  type GraphEdge,
  type GraphNode,
  innerEnd,
  type JsonObject,
  loopsAround,
  topologicalOrder,
} from '@imaginarium/protocol';
import type { NodeRegistry, RegisteredNode } from '../packages/node-registry.ts';
import { looksBack } from './looks-back.ts';
import { nodesNamedIn } from './nodes-named-in.ts';
import type { Readers } from './run-items.ts';

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
  /**
   * The params that it executes with whatever its items are, once they are asked for; null where expressions make them differ from item to
   * item.
   */
  fixedParams: JsonObject | null | undefined;
  /** The nodes placed in it when it is a loop, every node after those that feed it. */
  inside?: PlannedNode[];
  /** Wires from the nodes placed in it to its inner port that takes what an iteration brings. */
  collects?: GraphEdge[];
}

/** A graph compiled for execution: every node after those that feed it. */
export interface Plan {
  graph: Graph;
  /** The nodes outside of loops; loops hold the others. */
  nodes: PlannedNode[];
  /** The nodes that each is wired to; left out where a node may ask for items of those further up than that. */
  readers?: Readers;
}

/**
 * Compiles a graph that `validateGraph` found runnable.
 * @throws {Error} when a node type is not installed here.
 */
export function planRun(graph: Graph, registry: NodeRegistry): Plan {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const planned = new Map(graph.nodes.map((node) => [node.id, planNode(node, registry)]));
  for (const edge of graph.edges) {
    const target = planned.get(edge.to.node);
    if (!target || !planned.has(edge.from.node)) continue;
    const inner = innerEnd(edge, byId);
    if (inner === 'to') {
      target.collects?.push(edge);
      continue;
    }
    const wires = target.wires.get(edge.to.port);
    if (wires) wires.push(edge);
    else target.wires.set(edge.to.port, [edge]);
    if (!inner) target.after.add(edge.from.node);
  }
  for (const entry of planned.values()) {
    const onError = entry.node.policy?.onError;
    if (typeof onError === 'object') entry.fallback = planned.get(onError.fallback);
  }
  const standIns = fallbackNodes(graph);
  const { order, references } = orderWithReferences(graph, byId);
  for (const { from, to } of references) planned.get(to.node)?.after.add(from.node);
  const levels = Map.groupBy(
    order.filter((id) => !standIns.has(id)).map((id) => planned.get(id) as PlannedNode),
    ({ node }) => node.parent ?? null,
  );
  for (const [id, nodes] of levels) {
    const loop = id === null ? undefined : planned.get(id);
    if (loop) loop.inside = nodes;
  }
  const nodes = levels.get(null) ?? [];
  return [...planned.values()].some(looksBack) ? { graph, nodes } : { graph, nodes, readers: readersOf(graph) };
}

function readersOf({ nodes, edges }: Graph): Readers {
  const readers = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) readers.get(from.node)?.push(to.node);
  return readers;
}

type Reference = Pick<GraphEdge, 'from' | 'to'>;

/** The order in which wires and expressions agree. An expression that names a node further down finds nothing there, so it orders nothing. */
function orderWithReferences(
  graph: Graph,
  byId: ReadonlyMap<string, GraphNode>,
): { order: string[]; references: Reference[] } {
  const idOf = new Map(graph.nodes.toReversed().map((node) => [node.name, node.id]));
  const end = (node: string) => ({ node, port: '' });
  const references = graph.nodes.flatMap((node) =>
    nodesNamedIn(node.params).flatMap((name): Reference[] => {
      const id = idOf.get(name);
      const waiting = id === undefined ? undefined : whoWaits(id, node.id, byId);
      return id === undefined || waiting === undefined ? [] : [{ from: end(id), to: end(waiting) }];
    }),
  );
  const edges = graph.edges.filter((edge) => !innerEnd(edge, byId));
  const { order, cyclic } = topologicalOrder(graph.nodes, [...edges, ...references]);
  if (cyclic.length === 0) return { order, references };
  const stuck = new Set(cyclic);
  const kept = references.filter(({ from, to }) => !stuck.has(from.node) || !stuck.has(to.node));
  return { order: topologicalOrder(graph.nodes, [...edges, ...kept]).order, references: kept };
}

/**
 * Which node waits for one that an expression names: the one that names it, or the loop around that which stands beside the named one.
 * Undefined where the named one is out of sight: inside of a loop that the other is not in, or the loop around it.
 */
function whoWaits(named: string, by: string, byId: ReadonlyMap<string, GraphNode>): string | undefined {
  const level = byId.get(named)?.parent ?? null;
  const waiting = [by, ...loopsAround(by, byId)].find((id) => (byId.get(id)?.parent ?? null) === level);
  return waiting === named && waiting !== by ? undefined : waiting;
}

function planNode(node: GraphNode, registry: NodeRegistry): PlannedNode {
  const registered = registry.find(node.type, node.version);
  if (!registered)
    throw new Error(`${node.name} needs the node type ${node.type} (version ${node.version}), which is not installed.`);
  const loop = registered.definition.loop ? { inside: [], collects: [] } : {};
  return { node, registered, wires: new Map(), after: new Set(), fallback: undefined, fixedParams: undefined, ...loop };
}
