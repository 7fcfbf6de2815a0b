import { applyNodeChanges, type NodeChange } from '@xyflow/react';
import { useCallback, useEffect, useState } from 'react';
import { moveNodes } from '../document/nodes.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditorStore } from '../store/use-editor.ts';
import type { CardNode } from './NodeCard.tsx';

/**
 * The cards as React Flow wants them. It keeps what only the screen knows (measured sizes, places in mid-drag); the document hears
 * of a drag once, when it ends, so that one undo takes it back.
 */
export function useFlowNodes() {
  const store = useEditorStore();
  const [nodes, setNodes] = useState<CardNode[]>(() => reconcile([], store.getState()));

  useEffect(
    () =>
      store.subscribe((state, before) => {
        if (state.graph.nodes !== before.graph.nodes || state.selection !== before.selection)
          setNodes((now) => reconcile(now, state));
      }),
    [store],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<CardNode>[]) => {
      const picked = changes.filter((change) => change.type === 'select');
      if (picked.length > 0) {
        const { selection, select } = store.getState();
        const off = new Set(picked.filter((change) => !change.selected).map((change) => change.id));
        const on = picked.filter((change) => change.selected).map((change) => change.id);
        const kept = selection.nodes.filter((id) => !off.has(id) && !on.includes(id));
        select({ ...selection, nodes: [...kept, ...on] });
      }
      const others = changes.filter((change) => change.type === 'position' || change.type === 'dimensions');
      if (others.length > 0) setNodes((now) => applyNodeChanges(others, now));
    },
    [store],
  );

  const onDragStop = useCallback(
    (_event: unknown, _node: unknown, dragged: CardNode[]) => {
      const places = new Map(dragged.map((node) => [node.id, node.position]));
      store.getState().change((graph) => moveNodes(graph, places));
    },
    [store],
  );

  return { nodes, onNodesChange, onDragStop };
}

/** The cards of a graph, taking over those that did not change. */
function reconcile(before: readonly CardNode[], state: EditorState): CardNode[] {
  const earlier = new Map(before.map((card) => [card.id, card]));
  const selected = new Set(state.selection.nodes);
  return state.graph.nodes.map((node) => {
    const card = earlier.get(node.id);
    const isSelected = selected.has(node.id);
    if (!card) {
      const { id, position, name } = node;
      return { id, type: 'card', position, selected: isSelected, data: { node }, ariaLabel: name };
    }
    if (card.data.node === node) return card.selected === isSelected ? card : { ...card, selected: isSelected };
    const moved = card.data.node.position !== node.position;
    return {
      ...card,
      selected: isSelected,
      data: { node },
      ariaLabel: node.name,
      position: moved ? node.position : card.position,
    };
  });
}
