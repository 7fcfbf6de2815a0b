import { type FileRef, type Graph, isFileRef } from '@imaginarium/protocol';

/** The files that a graph's enabled nodes name in their params, each once, however deep they lie. */
export function findFileRefs(graph: Graph): FileRef[] {
  const found = new Map<string, FileRef>();
  const pending: unknown[] = graph.nodes.filter((node) => !node.disabled).map((node) => node.params);
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (isFileRef(value)) found.set(value.id, value);
    else if (typeof value === 'object' && value !== null) {
      pending.push(...Object.values(value).filter((entry) => typeof entry === 'object' && entry !== null));
    }
  }
  return [...found.values()];
}
