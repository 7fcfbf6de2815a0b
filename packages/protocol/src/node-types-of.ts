import type { Graph } from './graph.ts';

/** The node types that a graph needs to be executed, each once, as `type@version`, in order. */
export function nodeTypesOf({ nodes }: Pick<Graph, 'nodes'>): string[] {
  return [...new Set(nodes.map(({ type, version }) => `${type}@${version}`))].sort();
}
