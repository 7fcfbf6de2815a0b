import type { GraphNode } from './graph.ts';
import { loopsAround, MAX_LOOP_DEPTH } from './loops.ts';
import type { NodeCatalogue, NodeDescription } from './node-description.ts';
import type { Problem } from './problem.ts';

interface Surroundings {
  byId: ReadonlyMap<string, GraphNode>;
  catalogue: NodeCatalogue;
}

/** Whether a node may stand where it is placed, and, when it is a loop itself, whether its policy says what loops can do. */
export function validateLoops(node: GraphNode, { byId, catalogue }: Surroundings): Problem[] {
  const description = catalogue.describe(node.type, node.version);
  return [...placeProblems(node, byId, catalogue, description), ...(description?.body ? policyProblems(node) : [])];
}

function placeProblems(
  node: GraphNode,
  byId: ReadonlyMap<string, GraphNode>,
  catalogue: NodeCatalogue,
  description: NodeDescription | undefined,
): Problem[] {
  if (!node.parent) return [];
  const at = { severity: 'error' as const, node: node.id, path: 'parent' };
  const loop = byId.get(node.parent);
  if (!loop) {
    return [
      {
        code: 'unknown-parent',
        ...at,
        message: `${node.name} is placed inside "${node.parent}", which is not in the graph.`,
        remedy: 'Place it on the canvas, or bring the loop back.',
      },
    ];
  }
  const circle = circleThrough(node, byId);
  if (circle) return [{ code: 'cycle', ...at, message: circle, remedy: 'Place it on the canvas.' }];
  const outer = catalogue.describe(loop.type, loop.version);
  if (outer && !outer.body) {
    return [
      {
        code: 'not-a-loop',
        ...at,
        message: `${node.name} is placed inside ${loop.name}, which is not a loop.`,
        remedy: 'Place it on the canvas, or in a loop such as For each.',
      },
    ];
  }
  // What stands too deep stands in a loop that does.
  const depth = description?.body ? loopsAround(node.id, byId).length + 1 : 0;
  if (depth > MAX_LOOP_DEPTH) {
    return [
      {
        code: 'too-deep-loops',
        ...at,
        message: `${node.name} stands too deep: loops may stand at most ${MAX_LOOP_DEPTH} deep in one another, here it would be ${depth}.`,
        remedy: 'Place it further out, or do part of the work in a workflow of its own.',
      },
    ];
  }
  if (description?.trigger) {
    return [
      {
        code: 'not-in-loops',
        ...at,
        message: `${node.name} starts runs, so it cannot stand inside ${loop.name}.`,
        remedy: 'Place it on the canvas and wire it to the loop.',
      },
    ];
  }
  return [];
}

function circleThrough(node: GraphNode, byId: ReadonlyMap<string, GraphNode>): string | undefined {
  const seen = new Set<string>();
  for (let id: string | null | undefined = node.parent; id && !seen.has(id); id = byId.get(id)?.parent) {
    seen.add(id);
    if (id === node.id) return `${node.name} is placed inside itself${seen.size > 1 ? ', by way of its loops' : ''}.`;
  }
  return undefined;
}

/** A loop is no single piece of work: what is tried again or stood in for are the nodes inside it. */
function policyProblems({ id, name, policy }: GraphNode): Problem[] {
  const at = { code: 'loop-policy', severity: 'blocked', node: id } as const;
  const problems: Problem[] = [];
  if ((policy?.retry?.attempts ?? 1) > 1)
    problems.push({
      ...{ ...at, path: 'policy.retry', message: `${name} is a loop and is not tried again as a whole.` },
      remedy: 'Let the nodes inside it be tried again.',
    });
  if (typeof policy?.onError === 'object')
    problems.push({
      ...{ ...at, path: 'policy.onError', message: `${name} is a loop, and no other node can stand in for it.` },
      remedy: 'Let it stop, leave the iteration out, or use its error port; nodes inside it can fall back.',
    });
  return problems;
}
