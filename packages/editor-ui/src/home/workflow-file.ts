import { type Graph, isFileRef, type Json, parseGraph, stableStringify } from '@imaginarium/protocol';

/** A file is no workflow; the message says why, for people. */
export class WorkflowFileError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WorkflowFileError';
  }
}

/**
 * Reads a workflow file: the graph as the API and the command line take it, named after the file.
 * @throws {WorkflowFileError} with every problem that keeps it from being a workflow.
 */
export async function readWorkflowFile(file: File): Promise<{ name: string; graph: Graph }> {
  let document: unknown;
  try {
    document = JSON.parse(await file.text());
  } catch {
    throw new WorkflowFileError(`${file.name} is not a workflow: its content is not JSON.`);
  }
  const parsed = parseGraph(document);
  if (!parsed.ok)
    throw new WorkflowFileError(parsed.problems.map(({ message, remedy }) => `${message} ${remedy}`).join('\n'));
  const words = file.name
    .replace(/\.json$/i, '')
    .replaceAll(/[-_]+/g, ' ')
    .trim();
  return { name: (words.charAt(0).toUpperCase() + words.slice(1)).slice(0, 200) || file.name, graph: parsed.graph };
}

/** The text of a workflow file. Pictures that were chosen and items that are pinned stay out of it: they lie on this server, not in the file. */
export function writeWorkflowFile(graph: Graph): string {
  const nodes = graph.nodes.map(({ pinned: _pinned, ...node }) => ({
    ...node,
    params: Object.fromEntries(Object.entries(node.params).filter(([, value]) => !holdsFiles(value))),
  }));
  return `${stableStringify({ ...graph, nodes }, 2)}\n`;
}

/** The name such a file gets: `photo-to-carousel.json`. */
export function workflowFileName(name: string): string {
  const words = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${words || 'workflow'}.json`;
}

function holdsFiles(value: Json): boolean {
  return Array.isArray(value) ? value.some(isFileRef) : isFileRef(value);
}
