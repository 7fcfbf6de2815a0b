import {
  type Graph,
  type GraphNode,
  isSavable,
  type NodeCatalogue,
  parseGraph,
  stableStringify,
  validateGraph,
} from '@imaginarium/protocol';
import { freeName, type NewId } from './ids.ts';
import { withInside } from './loops.ts';
import type { Point } from './nodes.ts';
import type { Selection } from './selection.ts';

/** What a paste made of the graph, or why the text could not be pasted. */
export type Pasted = { ok: true; graph: Graph; selection: Selection } | { ok: false; reason: string };

/** The selected nodes, with what is placed in loops among them, and the wires between them as text: a graph of its own, so that a whole saved workflow can be pasted too. */
export function copyNodes(graph: Graph, ids: readonly string[]): string {
  const chosen = new Set(withInside(graph, ids));
  const part: Graph = {
    schema: 1,
    nodes: graph.nodes.filter((node) => chosen.has(node.id)),
    edges: graph.edges.filter((edge) => chosen.has(edge.from.node) && chosen.has(edge.to.node)),
    inputs: [],
    notes: [],
    settings: {},
  };
  return stableStringify(part, 2);
}

/** Whether a text looks like copied nodes: the cheap test before a paste takes over from the text fields. */
export function isCopiedNodes(text: string): boolean {
  return text.trimStart().startsWith('{') && text.includes('"nodes"') && text.includes('"schema"');
}

/** Adds copied nodes with ids and names of their own, moved by `offset`. */
export function pasteNodes(graph: Graph, text: string, offset: Point, catalogue: NodeCatalogue, newId: NewId): Pasted {
  const parsed = parseGraph(readJson(text));
  if (!parsed.ok) return { ok: false, reason: parsed.problems[0]?.message ?? '' };
  const part = parsed.graph;
  const ids = new Map(part.nodes.map((node) => [node.id, newId()]));
  const known = new Set(graph.nodes.map((node) => node.id));
  const names = new Set(graph.nodes.map((node) => node.name));
  const nodes = part.nodes.map((node) => {
    const name = freeName(node.name, names);
    names.add(name);
    const position = { x: node.position.x + offset.x, y: node.position.y + offset.y };
    return renamed({ ...node, name, position }, ids, known);
  });
  const edges = part.edges.map((edge) => ({
    id: newId(),
    from: { ...edge.from, node: ids.get(edge.from.node) ?? edge.from.node },
    to: { ...edge.to, node: ids.get(edge.to.node) ?? edge.to.node },
  }));
  const pasted = { ...graph, nodes: [...graph.nodes, ...nodes], edges: [...graph.edges, ...edges] };
  const problems = validateGraph(pasted, catalogue);
  const refusal = problems.find((problem) => problem.severity === 'error');
  if (refusal && !isSavable(problems)) return { ok: false, reason: refusal.message };
  return { ok: true, graph: pasted, selection: { nodes: nodes.map((node) => node.id), edges: [] } };
}

/** A node under its new id, with the nodes it names under theirs; a name that leads nowhere is dropped. */
function renamed(node: GraphNode, ids: ReadonlyMap<string, string>, known: ReadonlySet<string>): GraphNode {
  const here = (id: string) => ids.get(id) ?? (known.has(id) ? id : undefined);
  const { policy, parent, ...rest } = node;
  const copy: GraphNode = { ...rest, id: ids.get(node.id) as string };
  if (parent) copy.parent = here(parent) ?? null;
  if (!policy) return copy;
  const { onError, ...others } = policy;
  if (typeof onError !== 'object') return { ...copy, policy };
  const fallback = here(onError.fallback);
  return { ...copy, policy: fallback ? { ...others, onError: { fallback } } : others };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
