import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { autoLayout } from '../document/layout.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Lays the whole graph out by its wires, as one step that can be undone, and shows all of it. */
export function useTidyUp() {
  const store = useEditorStore();
  const { getNodes, fitView } = useReactFlow();
  return useCallback(async () => {
    const sizes = new Map(
      getNodes().flatMap(({ id, measured }) =>
        measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }] as const] : [],
      ),
    );
    const laidOut = await autoLayout(store.getState().graph, sizes, store.getState().catalogue);
    store.getState().change(() => laidOut);
    requestAnimationFrame(() => void fitView({ padding: 0.2, maxZoom: 1 }));
  }, [store, getNodes, fitView]);
}
