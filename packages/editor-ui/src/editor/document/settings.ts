import type { Graph } from '@imaginarium/protocol';

/** Names the workflow that starts when a run fails; undefined names none. */
export function startOnFailure(graph: Graph, workflowId: string | undefined): Graph {
  if (graph.settings.onFailure === workflowId) return graph;
  const { onFailure: _before, ...settings } = graph.settings;
  return { ...graph, settings: workflowId === undefined ? settings : { ...settings, onFailure: workflowId } };
}
