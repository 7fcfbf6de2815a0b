import type { CanvasNote } from '@imaginarium/protocol';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { nodeBoxes } from '../document/frames.ts';
import type { Point } from '../document/nodes.ts';
import { moveNoteFrame } from '../document/note-frames.ts';
import { moveNotes } from '../document/notes.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { type FlowNode, measuredSizes } from './flow-nodes.ts';

/** Puts a note at a place; a frame takes along what lies in it. */
export function useMoveNote(): (note: CanvasNote, to: Point) => void {
  const store = useEditorStore();
  const { getNodes } = useReactFlow<FlowNode>();
  return useCallback(
    (note, to) => {
      const { catalogue, change } = store.getState();
      const sizeOf = measuredSizes(getNodes());
      change((graph) =>
        note.kind === 'frame'
          ? moveNoteFrame(graph, note, to, nodeBoxes(graph, catalogue, sizeOf))
          : moveNotes(graph, new Map([[note.id, to]])),
      );
    },
    [store, getNodes],
  );
}
