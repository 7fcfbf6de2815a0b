import {
  DEFAULT_GRAPH_LIMITS,
  type Graph,
  type GraphNode,
  loopsAround,
  type NodeDescription,
  nodesInside,
  type PortItems,
} from '@imaginarium/protocol';
import { DEFAULT_FRAME } from './frames.ts';
import { freeName } from './ids.ts';
import type { Selection } from './selection.ts';

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A node of a type, ready to be added: named after its type, with every param at its default. */
export function nodeOf(graph: Graph, description: NodeDescription, id: string, position: Point): GraphNode {
  const taken = new Set(graph.nodes.map((node) => node.name));
  return {
    id,
    type: description.type,
    version: description.version,
    name: freeName(description.title, taken),
    params: {},
    position: rounded(position),
    ...(description.body ? { size: DEFAULT_FRAME } : {}),
  };
}

/** The graph with one node more. */
export function addNode(graph: Graph, node: GraphNode): Graph {
  return { ...graph, nodes: [...graph.nodes, node] };
}

/** Changes one node; the graph itself when there is no such node or nothing changed. */
export function changeNode(graph: Graph, id: string, change: (node: GraphNode) => GraphNode): Graph {
  const at = graph.nodes.findIndex((node) => node.id === id);
  const before = graph.nodes[at];
  if (!before) return graph;
  const after = change(before);
  return after === before ? graph : { ...graph, nodes: graph.nodes.with(at, after) };
}

/** Puts nodes at new places, in whole pixels. What stands in a loop goes with it, unless it has a new place of its own. */
export function moveNodes(graph: Graph, places: ReadonlyMap<string, Point>): Graph {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  let moved = false;
  const nodes = graph.nodes.map((node) => {
    const [carrier] = [node.id, ...(node.parent ? loopsAround(node.id, byId) : [])].filter((id) => places.has(id));
    const [from, to] = [byId.get(carrier ?? '')?.position, places.get(carrier ?? '')];
    if (!from || !to) return node;
    const target = rounded(to);
    // By whole pixels, so that nothing shifts within its frame.
    const by = { x: Math.round(target.x - from.x), y: Math.round(target.y - from.y) };
    const position = carrier === node.id ? target : { x: node.position.x + by.x, y: node.position.y + by.y };
    if (position.x === node.position.x && position.y === node.position.y) return node;
    moved = true;
    return { ...node, position };
  });
  return moved ? { ...graph, nodes } : graph;
}

/** Gives a node another name, cut to the limit; a name of nothing but spaces is not taken. */
export function renameNode(graph: Graph, id: string, name: string): Graph {
  const trimmed = name.trim().slice(0, DEFAULT_GRAPH_LIMITS.nameLength);
  return changeNode(graph, id, (node) => (trimmed === '' || trimmed === node.name ? node : { ...node, name: trimmed }));
}

/** Switches nodes off or on: a disabled node does not execute and what hangs on it is skipped. */
export function setDisabled(graph: Graph, ids: readonly string[], disabled: boolean): Graph {
  return ids.reduce(
    (result, id) =>
      changeNode(result, id, (node) => {
        if ((node.disabled ?? false) === disabled) return node;
        const { disabled: _was, ...rest } = node;
        return disabled ? { ...rest, disabled } : rest;
      }),
    graph,
  );
}

/** Pins items to the output ports of a node, so that they stand in for executing it; `undefined` takes them away. */
export function setPinned(graph: Graph, id: string, items: PortItems | undefined): Graph {
  return changeNode(graph, id, ({ pinned: _before, ...node }) => (items ? { ...node, pinned: items } : node));
}

/** Removes nodes, with what is placed in those that are loops, and wires, and whatever named them: wires of the nodes, run inputs, fallbacks. */
export function removeSelection(graph: Graph, selection: Selection): Graph {
  const gone = new Set(selection.nodes.flatMap((id) => [id, ...nodesInside(graph, id)]));
  const cut = new Set(selection.edges);
  if (gone.size === 0 && cut.size === 0) return graph;
  const inputs = graph.inputs.map((input) => ({ ...input, to: input.to.filter((target) => !gone.has(target.node)) }));
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !gone.has(node.id)).map((node) => forget(node, gone)),
    edges: graph.edges.filter((edge) => !cut.has(edge.id) && !gone.has(edge.from.node) && !gone.has(edge.to.node)),
    inputs: gone.size === 0 ? graph.inputs : inputs.filter((input) => input.to.length > 0),
  };
}

/** A node without what it said about nodes that are gone. */
function forget(node: GraphNode, gone: ReadonlySet<string>): GraphNode {
  const onError = node.policy?.onError;
  const lostFallback = typeof onError === 'object' && gone.has(onError.fallback);
  const lostParent = node.parent && gone.has(node.parent);
  if (!lostFallback && !lostParent) return node;
  const { onError: _onError, ...policy } = node.policy ?? {};
  return { ...node, ...(lostFallback ? { policy } : {}), ...(lostParent ? { parent: null } : {}) };
}

function rounded(point: Point): Point {
  return { x: Math.round(point.x), y: Math.round(point.y) };
}
