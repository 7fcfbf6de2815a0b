import { segmentsIn } from './expression.ts';
import { findCycles } from './find-cycles.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { Json } from './json.ts';
import { innerEnd } from './loops.ts';
import { missingTypeProblem } from './missing-type.ts';
import type { NodeCatalogue, NodeDescription } from './node-description.ts';
import { isEmptyValue, isShown, refuseParamValue, withDefaults } from './param.ts';
import type { Problem } from './problem.ts';
import { refuseExpression } from './refuse-expression.ts';
import { validateFallback } from './validate-fallback.ts';
import { validateLoops } from './validate-loops.ts';
import { validateWires } from './validate-wires.ts';

/**
 * Reports every problem of a graph at once: ids, wires, types, cycles, params and run inputs. Problems of severity `error` make the document
 * meaningless and keep it from being saved; `blocked` ones (a missing package, an empty required param) keep it only from running.
 */
export function validateGraph(graph: Graph, catalogue: NodeCatalogue): Problem[] {
  const { before, ofNodes, after } = examine(graph, catalogue);
  return [...before, ...ofNodes.flat(), ...after];
}

/** What is known of a graph whatever its inputs are. */
interface Known {
  edition: object;
  surroundings: Surroundings;
  before: Problem[];
  /** By the place of the node in the graph. */
  ofNodes: Problem[][];
  after: Problem[];
}

const known = new WeakMap<Graph, Known>();

/**
 * The problems of a graph with a run's inputs in it, as {@link validateGraph} reports them. What does not depend on the inputs is found
 * out once for a graph that is held on to, as versions are; so neither must be changed afterwards.
 * @param applied what `applyInputs` made of the graph.
 */
export function validateApplied(graph: Graph, applied: Graph, catalogue: NodeCatalogue): Problem[] {
  const { edition } = catalogue;
  if (edition === undefined || applied.nodes.length !== graph.nodes.length) return validateGraph(applied, catalogue);
  let facts = known.get(graph);
  if (facts?.edition !== edition) {
    facts = { edition, ...examine(graph, catalogue) };
    known.set(graph, facts);
  }
  const { surroundings, before, ofNodes, after } = facts;
  const nodes = applied.nodes.flatMap((node, place) =>
    node === graph.nodes[place] ? (ofNodes[place] ?? []) : nodeProblems(node, surroundings),
  );
  return [...before, ...nodes, ...after];
}

function examine(graph: Graph, catalogue: NodeCatalogue): Omit<Known, 'edition'> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const bound = new Set(graph.inputs.flatMap((input) => input.to.map(({ node, param }) => `${node}\n${param}`)));
  const surroundings = { graph, byId, bound, catalogue };
  return {
    surroundings,
    before: [...duplicates(graph), ...validateWires(graph, byId, catalogue), ...cycles(graph, byId)],
    ofNodes: graph.nodes.map((node) => nodeProblems(node, surroundings)),
    after: [...inputProblems(graph, byId, catalogue), ...(graph.nodes.length === 0 ? [emptyProblem] : [])],
  };
}

/** What the problems of a node are judged by. */
interface Surroundings {
  graph: Graph;
  byId: ReadonlyMap<string, GraphNode>;
  /** Params that a run input fills, as `node\nparam`. */
  bound: ReadonlySet<string>;
  catalogue: NodeCatalogue;
}

/** Whether a graph with these problems can run. */
export function isRunnable(problems: readonly Problem[]): boolean {
  return problems.length === 0;
}

/** Whether a graph with these problems can be saved: an unfinished graph can, a meaningless one cannot. */
export function isSavable(problems: readonly Problem[]): boolean {
  return problems.every((problem) => problem.severity === 'blocked');
}

const emptyProblem: Problem = {
  code: 'empty',
  severity: 'blocked',
  message: 'The workflow has no nodes yet.',
  remedy: 'Add a node from the palette.',
};

function duplicates(graph: Graph): Problem[] {
  return [
    ...repeated(graph.nodes.map((node) => node.id)).map(
      (id): Problem => ({
        code: 'duplicate-node',
        severity: 'error',
        node: id,
        message: `Two nodes have the id "${id}".`,
        remedy: 'Give every node an id of its own.',
      }),
    ),
    ...repeated(graph.edges.map((edge) => edge.id)).map(
      (id): Problem => ({
        code: 'duplicate-edge',
        severity: 'error',
        edge: id,
        message: `Two wires have the id "${id}".`,
        remedy: 'Give every wire an id of its own.',
      }),
    ),
    ...repeated(graph.inputs.map((input) => input.key)).map(
      (key): Problem => ({
        code: 'duplicate-input',
        severity: 'error',
        path: `inputs.${key}`,
        message: `Two run inputs are called "${key}".`,
        remedy: 'Rename one of them.',
      }),
    ),
  ];
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const id of ids) (seen.has(id) ? twice : seen).add(id);
  return [...twice];
}

function cycles(graph: Graph, byId: ReadonlyMap<string, GraphNode>): Problem[] {
  // From a loop to what is placed in it and back is no circle.
  const edges = graph.edges.filter((edge) => !innerEnd(edge, byId));
  return findCycles(graph.nodes, edges).map((cycle) => {
    const names = cycle.map((id) => byId.get(id)?.name ?? id);
    const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
    return {
      code: 'cycle',
      severity: 'error',
      node: cycle[0] as string,
      message: `The wires run in a circle through ${shown}.`,
      remedy: 'Remove one wire of the circle; to repeat work, use a loop node.',
    };
  });
}

function nodeProblems(node: GraphNode, surroundings: Surroundings): Problem[] {
  const { catalogue } = surroundings;
  const problems = [...validateLoops(node, surroundings), ...validateFallback(node, surroundings)];
  const description = catalogue.describe(node.type, node.version);
  if (!description) return [...problems, missingTypeProblem(node, catalogue)];
  if (node.disabled) return problems;
  return [...problems, ...paramProblems(node, description, surroundings.bound)];
}

function paramProblems(node: GraphNode, description: NodeDescription, bound: ReadonlySet<string>): Problem[] {
  const problems: Problem[] = [];
  const values = withDefaults(description.params, node.params);
  const at = (key: string) => ({ node: node.id, path: key });
  for (const key of Object.keys(node.params)) {
    if (Object.hasOwn(description.params, key)) continue;
    problems.push({
      code: 'unknown-param',
      severity: 'error',
      ...at(key),
      message: `${node.name} has no parameter "${key}".`,
      remedy: `Remove it; ${node.type} takes ${Object.keys(description.params).join(', ') || 'no parameters'}.`,
    });
  }
  for (const [key, spec] of Object.entries(description.params)) {
    if (!isShown(spec, values)) continue;
    const value = values[key] as Json;
    const expressions = spec.kind === 'code' ? [] : segmentsIn(value);
    for (const expression of expressions) {
      const refusal = expression.type === 'code' ? refuseExpression(expression.source) : undefined;
      if (refusal === undefined) continue;
      problems.push({
        code: 'expression-broken',
        severity: 'blocked',
        ...at(key),
        message: `${node.name}, ${spec.title}: {{ ${expression.source.slice(0, 200)} }} cannot be read: ${refusal}.`,
        remedy: 'Write a path such as item.name, or one JavaScript expression such as item.price * 2.',
      });
    }
    // What an expression gives is known in the run only, and checked there.
    if (expressions.length > 0) continue;
    if (spec.required && isEmptyValue(value)) {
      // A run input that is bound to the param may still bring the value.
      const remedy = bound.has(`${node.id}\n${key}`)
        ? `Give ${spec.title} a value for this run.`
        : `Fill in ${spec.title}.`;
      problems.push({
        code: 'missing-param',
        severity: 'blocked',
        ...at(key),
        message: `${node.name} needs ${spec.title}.`,
        remedy,
      });
      continue;
    }
    const refusal = refuseParamValue(spec, value);
    if (refusal) {
      problems.push({
        code: 'wrong-param',
        severity: 'blocked',
        ...at(key),
        message: `${node.name}, ${spec.title}: ${refusal}.`,
        remedy: `Change ${spec.title}.`,
      });
    }
  }
  return problems;
}

function inputProblems(graph: Graph, byId: ReadonlyMap<string, GraphNode>, catalogue: NodeCatalogue): Problem[] {
  return graph.inputs.flatMap((input) =>
    input.to.flatMap((target): Problem[] => {
      const node = byId.get(target.node);
      const description = node && catalogue.describe(node.type, node.version);
      const known = node && (!description || Object.hasOwn(description.params, target.param));
      if (known) return [];
      return [
        {
          code: 'unknown-input-target',
          severity: 'error',
          path: `inputs.${input.key}`,
          message: `The run input "${input.key}" fills ${target.node}.${target.param}, which is not in the graph.`,
          remedy: 'Bind it to a parameter that exists, or remove the input.',
        },
      ];
    }),
  );
}
