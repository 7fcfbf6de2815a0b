import { nodesOver, withoutSettled } from '@imaginarium/engine';
import {
  applyInputs,
  type Graph,
  type JsonObject,
  type NodeCatalogue,
  type Problem,
  type ProblemCode,
  type Step,
  validateApplied,
  validateGraph,
} from '@imaginarium/protocol';
import type { FileIndex } from '../files/file-index.ts';
import { findFileRefs } from '../files/find-file-refs.ts';
import { HttpError } from '../http/http-error.ts';
import { graphInvalid, problemDetails, summary } from '../workflows/read-graph.ts';
import { onceForGraph } from './once-for-graph.ts';

/**
 * Whether a graph can run with these inputs.
 * @returns the graph with the inputs in it.
 * @throws {HttpError} `input-invalid` when all that is wrong can be mended by other inputs, else `graph-invalid`; `file-missing` when it
 * names files that this workspace does not own. Each lists everything that is wrong.
 * @param settled steps that are not executed: only the files of their outputs must be there.
 */
export async function checkRun(
  graph: Graph,
  inputs: JsonObject,
  { catalogue, files }: { catalogue: NodeCatalogue; files: FileIndex },
  settled: readonly Step[] = [],
): Promise<Graph> {
  const applied = applyInputs(graph, inputs, catalogue);
  refuse(withoutSettled(validateApplied(graph, applied, catalogue), applied, settled), graph);
  const over = nodesOver(applied, settled);
  // Those that inputs leave as they are were looked through with the graph.
  const ofGraph = refsOf(graph, catalogue);
  const named =
    settled.length > 0
      ? findFileRefs(
          [],
          settled.map(({ outputs }) => outputs),
        )
      : [];
  for (const [place, node] of applied.nodes.entries()) {
    if (over.has(node.id)) continue;
    const refs = node === graph.nodes[place] ? (ofGraph[place] ?? []) : findFileRefs([node]);
    if (refs.length > 0) named.push(...refs);
  }
  if (named.length === 0) return applied;
  const refs = new Map(named.map((file) => [file.id, file]));
  const missing = new Set(await files.missing([...refs.keys()]));
  if (missing.size === 0) return applied;
  const lost = [...refs.values()].filter((file) => missing.has(file.id));
  const names = lost.map((file) => file.name);
  throw new HttpError(
    'file-missing',
    `${names.slice(0, 5).join(', ')}: expected ${names.length > 1 ? 'files' : 'a file'} of this workspace, found none. Upload ${names.length > 1 ? 'them' : 'it'} again.`,
    { files: lost.map(({ id, name }) => ({ id, name })) },
  );
}

/** The files that each node of a graph names, by its place. */
const refsOf = onceForGraph(({ nodes }) => nodes.map((node) => findFileRefs([node])));

/** Problems that leave a graph clear enough to say its price: people see it while they still fill in the form. */
const QUOTABLE: ReadonlySet<ProblemCode> = new Set(['missing-param', 'missing-wire', 'wrong-param', 'empty']);

/** Whether a graph can be quoted. @throws {HttpError} as {@link checkRun}. */
export function checkQuote(
  graph: Graph,
  inputs: JsonObject,
  catalogue: NodeCatalogue,
  settled: readonly Step[] = [],
): void {
  const applied = applyInputs(graph, inputs);
  const problems = withoutSettled(validateGraph(applied, catalogue), applied, settled);
  refuse(
    problems.filter((problem) => !QUOTABLE.has(problem.code)),
    graph,
  );
}

function refuse(problems: readonly Problem[], graph: Graph): void {
  if (problems.length === 0) return;
  const bound = new Set(graph.inputs.flatMap((input) => input.to.map((target) => `${target.node}.${target.param}`)));
  const byInputs = problems.every(({ node, path }) => bound.has(`${node}.${path}`));
  if (byInputs) throw new HttpError('input-invalid', summary(problems), problemDetails(problems));
  throw graphInvalid(problems);
}
