import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { useReducedMotion } from '../../app/use-reduced-motion.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Selects a node, gives it the focus and brings it into the middle of what is seen. */
export function useGoToNode(): (id: string) => void {
  const store = useEditorStore();
  const { setCenter, getZoom, getInternalNode } = useReactFlow();
  const reducedMotion = useReducedMotion();
  return useCallback(
    (id: string) => {
      const { focusPort, select } = store.getState();
      focusPort(null);
      select({ nodes: [id], edges: [] });
      document.querySelector<HTMLElement>(`.react-flow__node[data-id="${id}"]`)?.focus({ preventScroll: true });
      const node = getInternalNode(id);
      if (!node) return;
      const { width = 0, height = 0 } = node.measured ?? {};
      const { x, y } = node.internals.positionAbsolute;
      void setCenter(x + width / 2, y + height / 2, { zoom: getZoom(), duration: reducedMotion ? 0 : 160 });
    },
    [store, setCenter, getZoom, getInternalNode, reducedMotion],
  );
}
