import type { NodeDescription } from '@imaginarium/protocol';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { freePlace } from '../document/free-place.ts';
import { DEFAULT_CARD } from '../document/layout.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Adds a node where it covers no other: to the right of the selected one, else in the middle of what is seen. */
export function useAddNode() {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  return useCallback(
    (description: NodeDescription) => {
      const { graph, selection, add } = store.getState();
      const beside = graph.nodes.find((node) => node.id === selection.nodes.at(-1));
      const wanted = beside
        ? { x: beside.position.x + DEFAULT_CARD.width + 96, y: beside.position.y }
        : screenToFlowPosition(middleOfCanvas());
      return add(description, freePlace(graph, wanted));
    },
    [store, screenToFlowPosition],
  );
}

function middleOfCanvas() {
  const box = document.querySelector('[data-region="canvas"]')?.getBoundingClientRect();
  if (!box) return { x: 0, y: 0 };
  return { x: box.x + box.width / 2 - DEFAULT_CARD.width / 2, y: box.y + box.height / 2 - DEFAULT_CARD.height / 2 };
}
