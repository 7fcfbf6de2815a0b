import { type FileRef, type GraphNode, isFileRef } from '@imaginarium/protocol';

/** The files that enabled nodes name in their params, and those in other values, each once, however deep they lie. */
export function findFileRefs(nodes: readonly GraphNode[], others: readonly unknown[] = []): FileRef[] {
  const found = new Map<string, FileRef>();
  const params = nodes.filter((node) => !node.disabled).map((node) => node.params);
  const pending: unknown[] = [...params, ...others];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (isFileRef(value)) found.set(value.id, value);
    else if (typeof value === 'object' && value !== null) {
      pending.push(...Object.values(value).filter((entry) => typeof entry === 'object' && entry !== null));
    }
  }
  return [...found.values()];
}
