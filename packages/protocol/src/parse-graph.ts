import type { z } from 'zod';
import { DEFAULT_GRAPH_LIMITS, type Graph, type GraphLimits, graphSchema } from './graph.ts';
import { findUnsafeJson } from './json.ts';
import type { Problem } from './problem.ts';

/** A graph that entered the house, or everything that kept it out. */
export type ParsedGraph = { ok: true; graph: Graph } | { ok: false; problems: Problem[] };

/**
 * Checks that a document is a graph at all: its size, its depth, its keys and its shape. Says nothing about wires and params:
 * that is `validateGraph`'s part, which needs to know the node types.
 */
export function parseGraph(document: unknown, limits: GraphLimits = DEFAULT_GRAPH_LIMITS): ParsedGraph {
  const refused = refuseSize(document, limits);
  if (refused) return { ok: false, problems: [refused] };
  const parsed = graphSchema.safeParse(document);
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.map((issue) => shapeProblem(issue, document)) };
  return { ok: true, graph: parsed.data };
}

function refuseSize(document: unknown, limits: GraphLimits): Problem | undefined {
  const nodes = (document as { nodes?: unknown } | null)?.nodes;
  if (Array.isArray(nodes) && nodes.length > limits.nodes) {
    return problem('too-many-nodes', `The graph has ${nodes.length} nodes; at most ${limits.nodes} are allowed.`, {
      remedy: 'Split it into workflows that call one another.',
    });
  }
  const unsafe = findUnsafeJson(document, limits.depth);
  if (unsafe) {
    const path = clip(unsafe.path.join('.'));
    switch (unsafe.reason) {
      case 'forbidden-key':
        return problem('forbidden-key', `The key "${unsafe.path.at(-1)}" is not allowed in a graph.`, {
          path,
          remedy: 'Rename the key.',
        });
      case 'too-deep':
        return problem('too-deep', `The graph is nested deeper than ${limits.depth} levels.`, {
          path: unsafe.path.slice(0, 4).join('.'),
          remedy: 'Keep nested data in a file and read it with a dataset node.',
        });
      case 'nul-character':
        return problem('not-a-graph', 'The graph holds a NUL character, which no database text can store.', {
          path,
          remedy: 'Remove the character.',
        });
      case 'not-json':
        return problem('not-a-graph', 'The graph holds a value that JSON cannot carry.', {
          path,
          remedy: 'Use text, numbers, booleans, lists and objects only.',
        });
    }
  }
  const bytes = new TextEncoder().encode(JSON.stringify(document) ?? '').length;
  if (bytes > limits.bytes) {
    return problem('too-large', `The graph is ${bytes} bytes of JSON; at most ${limits.bytes} are allowed.`, {
      remedy: 'Keep large texts in files and read them with an input node.',
    });
  }
  return undefined;
}

function shapeProblem(issue: z.core.$ZodIssue, document: unknown): Problem {
  const path = issue.path.map(String).join('.');
  const [list, index] = issue.path;
  const holder = list === 'nodes' || list === 'edges' ? (document as Record<string, unknown[]>)[list] : undefined;
  const owner = (holder?.[Number(index)] as { id?: unknown } | undefined)?.id;
  return {
    ...problem('not-a-graph', `${clip(path) || 'graph'}: ${clip(issue.message)}`, {
      path: clip(path),
      remedy: 'Correct the value; docs/workflow-format.md lists what a graph may hold.',
    }),
    ...(typeof owner === 'string' && list === 'nodes' ? { node: owner } : {}),
    ...(typeof owner === 'string' && list === 'edges' ? { edge: owner } : {}),
  };
}

/** A hostile document may use a megabyte as a name: nobody wants it back in every message. */
function clip(text: string): string {
  return text.length > 300 ? `${text.slice(0, 297)}...` : text;
}

function problem(code: Problem['code'], message: string, rest: { remedy: string; path?: string }): Problem {
  return { code, message, severity: 'error', ...rest };
}
