import type { Graph } from '@imaginarium/protocol';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { nodeBoxes } from '../document/frames.ts';
import { autoLayout } from '../document/layout.ts';
import { refitNoteFrames } from '../document/note-frames.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { type FlowNode, measuredSizes } from './flow-nodes.ts';

/** Lays the whole graph out by its wires, as one step that can be undone, and shows all of it. */
export function useTidyUp() {
  const store = useEditorStore();
  const { getNodes, fitView } = useReactFlow<FlowNode>();
  return useCallback(
    async function tidyUp(): Promise<void> {
      const { graph, catalogue } = store.getState();
      const boxesOf = (one: Graph) => nodeBoxes(one, catalogue, measuredSizes(getNodes()));
      const sizes = new Map(
        getNodes().flatMap(({ id, measured }) =>
          measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }] as const] : [],
        ),
      );
      const laidOut = await autoLayout(graph, sizes, catalogue);
      // The layout has to be loaded first: what somebody edits meanwhile is laid out too, and not lost.
      if (store.getState().graph !== graph) return tidyUp();
      const framed = refitNoteFrames(graph, laidOut, boxesOf(graph), boxesOf(laidOut));
      store.getState().change(() => framed);
      requestAnimationFrame(() => void fitView({ padding: 0.2, maxZoom: 1 }));
    },
    [store, getNodes, fitView],
  );
}
