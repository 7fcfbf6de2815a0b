import { useCallback } from 'react';
import { useEditorStore } from '../store/use-editor.ts';
import { noteId } from './flow-nodes.ts';

/** Opens the menu of a node, which is selected first, or of all that are selected; by the pointer, or at the node by the menu key. */
export function useNodeMenu() {
  const store = useEditorStore();
  const open = useCallback(
    (event: React.MouseEvent, node?: { id: string }) => {
      // A note has its tools beside it.
      if (node && noteId(node.id) !== undefined) return;
      event.preventDefault();
      const { selection, select, openNodeMenu } = store.getState();
      if (node && !selection.nodes.includes(node.id)) select({ nodes: [node.id], edges: [] });
      // The menu key has no pointer: its menu stands at the corner of what has the focus.
      const box = (event.target as Element).getBoundingClientRect();
      const byKey = event.clientX === 0 && event.clientY === 0;
      openNodeMenu(byKey ? { x: box.x + 24, y: box.y + 24 } : { x: event.clientX, y: event.clientY });
    },
    [store],
  );
  return { onNodeContextMenu: open, onSelectionContextMenu: (event: React.MouseEvent) => open(event) };
}
