import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { randomId } from '../document/ids.ts';
import { addNote, DEFAULT_NOTE } from '../document/notes.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Adds a note in the middle of what is seen, ready to be written in. */
export function useAddNote(): () => void {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(() => {
    const box = document.querySelector('[data-region="canvas"]')?.getBoundingClientRect();
    const middle = screenToFlowPosition({
      x: (box?.x ?? 0) + (box?.width ?? 0) / 2,
      y: (box?.y ?? 0) + (box?.height ?? 0) / 3,
    });
    const corner = { x: middle.x - DEFAULT_NOTE.width / 2, y: middle.y - DEFAULT_NOTE.height / 2 };
    store.getState().change((graph) => addNote(graph, randomId(), corner));
  }, [store, screenToFlowPosition]);
}
