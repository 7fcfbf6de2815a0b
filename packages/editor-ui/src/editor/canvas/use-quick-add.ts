import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import type { Point } from '../document/nodes.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Opens the list of node types at a place of the window, or in the middle of the canvas. */
export function useQuickAdd() {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    (at: Point = middleOfCanvas()) => {
      store.getState().openQuickAdd({ at, position: screenToFlowPosition(at) });
    },
    [store, screenToFlowPosition],
  );
}

function middleOfCanvas(): Point {
  const box = document.querySelector('[data-region="canvas"]')?.getBoundingClientRect();
  return box ? { x: box.x + box.width / 2 - 160, y: box.y + box.height / 4 } : { x: 0, y: 0 };
}
