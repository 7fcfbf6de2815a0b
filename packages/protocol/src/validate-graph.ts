import { hasExpression, parseTemplate } from './expression.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { Json } from './json.ts';
import type { NodeCatalogue, NodeDescription } from './node-description.ts';
import { topologicalOrder } from './order.ts';
import { isEmptyValue, isShown, refuseParamValue, withDefaults } from './param.ts';
import type { Problem } from './problem.ts';
import { validateWires } from './validate-wires.ts';

/**
 * Reports every problem of a graph at once: ids, wires, types, cycles, params and run inputs. Problems of severity `error` make the document
 * meaningless and keep it from being saved; `blocked` ones (a missing package, an empty required param) keep it only from running.
 */
export function validateGraph(graph: Graph, catalogue: NodeCatalogue): Problem[] {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  return [
    ...duplicates(graph),
    ...validateWires(graph, byId, catalogue),
    ...cycles(graph),
    ...graph.nodes.flatMap((node) => nodeProblems(node, graph, byId, catalogue)),
    ...inputProblems(graph, byId, catalogue),
    ...(graph.nodes.length === 0 ? [emptyProblem] : []),
  ];
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

function cycles(graph: Graph): Problem[] {
  const { cyclic } = topologicalOrder(graph.nodes, graph.edges);
  const [first] = cyclic;
  if (first === undefined) return [];
  const names = graph.nodes.filter((node) => cyclic.includes(node.id)).map((node) => node.name);
  const shown = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
  return [
    {
      code: 'cycle',
      severity: 'error',
      node: first,
      message: `The wires run in a circle through ${shown}.`,
      remedy: 'Remove one wire of the circle; to repeat work, use a loop node.',
    },
  ];
}

function nodeProblems(
  node: GraphNode,
  graph: Graph,
  byId: ReadonlyMap<string, GraphNode>,
  catalogue: NodeCatalogue,
): Problem[] {
  const problems: Problem[] = [];
  if (node.parent && !byId.has(node.parent)) {
    problems.push({
      code: 'unknown-parent',
      severity: 'error',
      node: node.id,
      message: `${node.name} is placed inside "${node.parent}", which is not in the graph.`,
      remedy: 'Place it on the canvas, or bring the container back.',
    });
  }
  const onError = node.policy?.onError;
  if (typeof onError === 'object' && (!byId.has(onError.fallback) || onError.fallback === node.id)) {
    problems.push({
      code: 'unknown-fallback',
      severity: 'error',
      node: node.id,
      message: `${node.name} falls back to "${onError.fallback}", which is not another node of the graph.`,
      remedy: 'Choose another node to fall back to.',
    });
  }
  const description = catalogue.describe(node.type, node.version);
  if (!description) {
    problems.push({
      code: 'unknown-node-type',
      severity: 'blocked',
      node: node.id,
      message: `${node.name} needs the node type ${node.type} (version ${node.version}), which is not installed.`,
      remedy: `Install the package that brings ${node.type.split('.')[0]} nodes, or remove the node.`,
    });
    return problems;
  }
  if (node.disabled) return problems;
  return [...problems, ...paramProblems(node, description, boundParams(graph, node.id))];
}

function boundParams(graph: Graph, nodeId: string): ReadonlySet<string> {
  const bound = graph.inputs.flatMap((input) => input.to.filter((target) => target.node === nodeId));
  return new Set(bound.map((target) => target.param));
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
    const template = typeof value === 'string' && spec.kind !== 'code' && hasExpression(value) ? value : undefined;
    if (template !== undefined) {
      const code = parseTemplate(template).find((segment) => segment.type === 'code');
      if (code) {
        problems.push({
          code: 'expression-not-a-path',
          severity: 'blocked',
          ...at(key),
          message: `${node.name}, ${spec.title}: {{ ${code.type === 'code' ? code.source : ''} }} is not a path.`,
          remedy: 'Write a path such as item.name, run.inputs.photo or nodes["Upscale"].items[0].fields.width.',
        });
      }
      continue;
    }
    if (spec.required && isEmptyValue(value)) {
      // A run input that is bound to the param may still bring the value.
      const remedy = bound.has(key) ? `Give ${spec.title} a value for this run.` : `Fill in ${spec.title}.`;
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
