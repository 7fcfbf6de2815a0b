/** What is selected on the canvas, by id. */
export interface Selection {
  nodes: readonly string[];
  edges: readonly string[];
}

export const NOTHING_SELECTED: Selection = { nodes: [], edges: [] };

/** Whether both name the same things in the same order. */
export function isSameSelection(a: Selection, b: Selection): boolean {
  return isSameList(a.nodes, b.nodes) && isSameList(a.edges, b.edges);
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
