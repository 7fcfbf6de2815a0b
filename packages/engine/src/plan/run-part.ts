import { fallbackNodes, type Graph, type Problem, type ProblemCode, type Step, unitsOf } from '@imaginarium/protocol';
import { nodesNamedIn } from './nodes-named-in.ts';

/** Which part of a graph a run wants. Without both, all of it. */
export interface WantedPart {
  /** Only this node and what it depends on. */
  until?: string | undefined;
  /** Only this node and what depends on it. */
  from?: string | undefined;
}

/** A graph divided for a run. Nodes that stand in for others on failure are in neither: they have no step of their own. */
export interface RunPart {
  /** Nodes to execute. */
  executed: ReadonlySet<string>;
  /** All others that what is executed depends on, near or far. */
  before: ReadonlySet<string>;
  /** Of `before`, those whose items reach a node that is executed. */
  feeding: ReadonlySet<string>;
  /** What is neither executed nor depended on. */
  left: ReadonlySet<string>;
}

/**
 * Divides a graph for a run of a part of it. Both wires and expressions that name a node count as dependence. A loop is one unit with all
 * that is placed in it: who asks for a node inside gets the loop, and the sets name the loop only.
 * @param given nodes whose items are there already: they are not executed, and nothing else is for their sake.
 */
export function partOf(graph: Graph, { until, from }: WantedPart, given: ReadonlySet<string> = new Set()): RunPart {
  const standIns = fallbackNodes(graph);
  const units = unitsOf(graph);
  const all = graph.nodes.map((node) => node.id).filter((id) => !standIns.has(id) && units.get(id) === id);
  const after = dependencies(graph, units);
  const unitOf = (id: string) => units.get(id) ?? id;
  const wanted =
    until === undefined ? new Set(all) : reach([unitOf(until)], (id) => (given.has(id) ? [] : (after.get(id) ?? [])));
  const followers = new Map<string, string[]>();
  for (const [id, sources] of after)
    for (const source of sources) followers.set(source, [...(followers.get(source) ?? []), id]);
  const reached = from === undefined ? new Set(all) : reach([unitOf(from)], (id) => followers.get(id) ?? []);
  const executed = new Set(all.filter((id) => wanted.has(id) && reached.has(id) && !given.has(id)));
  const sourcesOf = (ids: Iterable<string>) => [...ids].flatMap((id) => [...(after.get(id) ?? [])]);
  const feeding = new Set(sourcesOf(executed).filter((id) => !executed.has(id)));
  const before = reach([...feeding], (id) => [...(after.get(id) ?? [])].filter((source) => !executed.has(source)));
  const left = new Set(all.filter((id) => !executed.has(id) && !before.has(id)));
  return { executed, before, feeding, left };
}

/** Problems inside one node: they matter only to runs that execute it. */
const OF_ONE_NODE: ReadonlySet<ProblemCode> = new Set([
  'missing-param',
  'wrong-param',
  'unknown-param',
  'missing-wire',
]);

const NONE: ReadonlySet<string> = new Set();

/** The nodes that have nothing left to do in a run with settled steps; what is placed in a loop goes with the loop. */
export function nodesOver(graph: Graph, settled: readonly Pick<Step, 'node' | 'iteration'>[]): ReadonlySet<string> {
  if (settled.length === 0) return NONE;
  const over = new Set(settled.flatMap(({ node, iteration }) => (iteration === '' ? [node] : [])));
  const units = unitsOf(graph);
  return new Set(graph.nodes.flatMap(({ id }) => (over.has(id) || over.has(units.get(id) ?? id) ? [id] : [])));
}

/** The problems of a graph that keep a run from being executed whose settled steps need nothing more. */
export function withoutSettled(
  problems: readonly Problem[],
  graph: Graph,
  settled: readonly Pick<Step, 'node' | 'iteration'>[],
): Problem[] {
  if (problems.length === 0) return [];
  const over = nodesOver(graph, settled);
  return problems.filter(({ node, code }) => node === undefined || !over.has(node) || !OF_ONE_NODE.has(code));
}

/** For each unit those that it depends on directly. */
function dependencies(graph: Graph, units: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const after = new Map([...units.values()].map((id) => [id, new Set<string>()]));
  const idOf = new Map(graph.nodes.toReversed().map((node) => [node.name, node.id]));
  const depend = (id: string, on: string | undefined) => {
    const [unit, source] = [units.get(id), on === undefined ? undefined : units.get(on)];
    if (unit !== undefined && source !== undefined && unit !== source) after.get(unit)?.add(source);
  };
  for (const { from, to } of graph.edges) depend(to.node, from.node);
  for (const node of graph.nodes) for (const name of nodesNamedIn(node.params)) depend(node.id, idOf.get(name));
  return after;
}

function reach(starts: readonly string[], next: (id: string) => Iterable<string>): Set<string> {
  const seen = new Set(starts);
  // A set goes on with what is added while it is walked.
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}
