import type { PortType } from '@imaginarium/protocol';
import type { Edge, EdgeChange } from '@xyflow/react';
import { useCallback, useMemo } from 'react';
import { nodesById } from '../document/node-index.ts';
import { portSpec } from '../document/wires.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';

/** What a wire knows: what travels on it, and in which loops its ends stand. */
interface WireData extends Record<string, unknown> {
  type: PortType;
  fromParent: string | null;
  toParent: string | null;
}

export type WireEdge = Edge<WireData, 'wire'>;

const graphOf = (state: EditorState) => state.graph;
const catalogueOf = (state: EditorState) => state.catalogue;
const selectedEdges = (state: EditorState) => state.selection.edges;

/** The wires as React Flow wants them, each with the type of what travels on it. */
export function useFlowEdges() {
  const store = useEditorStore();
  const graph = useEditor(graphOf);
  const selected = useEditor(selectedEdges);
  const catalogue = useEditor(catalogueOf);

  const edges = useMemo(() => {
    const byId = nodesById(graph);
    return graph.edges.map((edge): WireEdge => {
      const source = byId.get(edge.from.node);
      const type = (source && portSpec(source, 'output', edge.from.port, catalogue)?.type) ?? 'any';
      return {
        id: edge.id,
        type: 'wire',
        source: edge.from.node,
        sourceHandle: edge.from.port,
        target: edge.to.node,
        targetHandle: edge.to.port,
        selected: selected.includes(edge.id),
        data: { type, fromParent: source?.parent ?? null, toParent: byId.get(edge.to.node)?.parent ?? null },
      };
    });
  }, [graph, selected, catalogue]);

  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireEdge>[]) => {
      const picked = changes.filter((change) => change.type === 'select');
      if (picked.length === 0) return;
      const { selection, select } = store.getState();
      const off = new Set(picked.filter((change) => !change.selected).map((change) => change.id));
      const on = picked.filter((change) => change.selected).map((change) => change.id);
      select({ ...selection, edges: [...selection.edges.filter((id) => !off.has(id) && !on.includes(id)), ...on] });
    },
    [store],
  );

  return { edges, onEdgesChange };
}
