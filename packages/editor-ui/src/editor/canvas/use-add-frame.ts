import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { nodeBoxes } from '../document/frames.ts';
import { randomId } from '../document/ids.ts';
import { addNoteFrame } from '../document/note-frames.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { type FlowNode, measuredSizes } from './flow-nodes.ts';

/** Draws a frame around the chosen nodes, its title ready to be written. Nothing happens where none is chosen. */
export function useAddFrame(): () => void {
  const store = useEditorStore();
  const { getNodes } = useReactFlow<FlowNode>();
  return useCallback(() => {
    const { graph, catalogue, selection, change } = store.getState();
    const boxes = nodeBoxes(graph, catalogue, measuredSizes(getNodes()));
    const chosen = selection.nodes.flatMap((id) => boxes.get(id) ?? []);
    change((before) => addNoteFrame(before, randomId(), chosen));
  }, [store, getNodes]);
}
