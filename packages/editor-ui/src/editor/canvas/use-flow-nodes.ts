import { applyNodeChanges, type NodeChange, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useState } from 'react';
import type { Box } from '../document/frames.ts';
import { resizeNote } from '../document/notes.ts';
import { resizeFrame } from '../document/place-in.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { type FlowNode, flowNodes, noteId } from './flow-nodes.ts';
import type { Shift } from './use-frame-carry.ts';

/**
 * The cards, frames and notes as React Flow wants them. It keeps what only the screen knows (measured sizes, places in mid-drag); the document
 * hears of a drag once, when it ends, so that one undo takes it back.
 */
export function useFlowNodes() {
  const store = useEditorStore();
  const flow = useStoreApi<FlowNode>();
  const [nodes, setNodes] = useState<FlowNode[]>(() => flowNodes([], store.getState()));

  useEffect(
    () =>
      store.subscribe((state, before) => {
        if (
          state.graph.nodes !== before.graph.nodes ||
          state.graph.notes !== before.graph.notes ||
          state.selection !== before.selection ||
          state.catalogue !== before.catalogue
        )
          setNodes((now) => flowNodes(now, state));
      }),
    [store],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const { userSelectionRect, nodeLookup, transform } = flow.getState();
      const picked = changes.filter((change) => change.type === 'select');
      if (picked.length > 0) {
        // A frame that the selection was begun in is not meant, only what was drawn around.
        const meant = picked.filter(({ id, selected }) => {
          const node = nodeLookup.get(id);
          if (!selected || !userSelectionRect || node?.type !== 'frame') return true;
          return holds(inFlow(userSelectionRect, transform), { ...node.internals.positionAbsolute, ...sizeOf(node) });
        });
        const { selection, select } = store.getState();
        const off = new Set(meant.filter((change) => !change.selected).map((change) => change.id));
        const on = meant.filter((change) => change.selected).map((change) => change.id);
        const kept = selection.nodes.filter((id) => !off.has(id) && !on.includes(id));
        select({ ...selection, nodes: [...kept, ...on] });
      }
      const others = changes.filter((change) => change.type === 'position' || change.type === 'dimensions');
      if (others.length === 0) return;
      const measured = others.some((change) => change.type === 'dimensions' && change.resizing === undefined);
      setNodes((now) => {
        const next = applyNodeChanges(others, now);
        // A card that was measured, or that grew with its picture, may need more room in its frame.
        return measured && next.some(({ type }) => type === 'frame') ? flowNodes(next, store.getState()) : next;
      });
    },
    [store, flow],
  );

  /** Puts everything where the document says that it stands. */
  const settle = useCallback(() => setNodes((now) => flowNodes(now, store.getState(), true)), [store]);

  const shift = useCallback<Shift>(
    (ids, by) =>
      setNodes((now) =>
        now.map((node) => {
          // What stands in a loop is placed from its corner, and goes along with it.
          if (!ids.has(node.id) || ids.has(node.parentId ?? '')) return node;
          return { ...node, position: { x: node.position.x + by.x, y: node.position.y + by.y } };
        }),
      ),
    [],
  );

  const onResized = useCallback(
    (id: string) => {
      const node = flow.getState().nodeLookup.get(id);
      if (!node) return;
      const box = { ...node.internals.positionAbsolute, ...sizeOf(node) };
      const note = noteId(id);
      store
        .getState()
        .change((graph) => (note === undefined ? resizeFrame(graph, id, box) : resizeNote(graph, note, box)));
      settle();
    },
    [store, flow, settle],
  );

  return { nodes, onNodesChange, settle, shift, onResized };
}

function sizeOf({ measured, width, height }: Pick<FlowNode, 'measured' | 'width' | 'height'>) {
  return { width: width ?? measured?.width ?? 0, height: height ?? measured?.height ?? 0 };
}

/** A rectangle of the window's canvas in the coordinates of the graph. */
function inFlow({ x, y, width, height }: Box, [left, top, zoom]: [number, number, number]): Box {
  return { x: (x - left) / zoom, y: (y - top) / zoom, width: width / zoom, height: height / zoom };
}

function holds(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}
