import { useReactFlow } from '@xyflow/react';
import { useCallback, useRef } from 'react';
import { nodeBoxes } from '../document/frames.ts';
import type { Point } from '../document/nodes.ts';
import { idsWithin, noteBoxes } from '../document/note-frames.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { type FlowNode, measuredSizes, type NoteNode, noteKey } from './flow-nodes.ts';

/** Moves what is drawn under some ids by so many pixels; the document does not hear of it. */
export type Shift = (ids: ReadonlySet<string>, by: Point) => void;

/** While a frame that a person drew is dragged, what lies in it goes along on the screen. */
export function useFrameCarry(shift: Shift) {
  const store = useEditorStore();
  const { getNodes } = useReactFlow<FlowNode>();
  const carried = useRef<{ within: ReadonlySet<string>; at: Point }>(undefined);

  const carry = useCallback(
    ({ data: { note }, position }: NoteNode) => {
      if (!carried.current) {
        const { graph, catalogue } = store.getState();
        const cards = idsWithin(note, nodeBoxes(graph, catalogue, measuredSizes(getNodes())));
        const notes = idsWithin(note, noteBoxes(graph)).map(noteKey);
        carried.current = { within: new Set([...cards, ...notes]), at: note.position };
      }
      const { within, at } = carried.current;
      shift(within, { x: position.x - at.x, y: position.y - at.y });
      carried.current.at = position;
    },
    [store, getNodes, shift],
  );
  const putDown = useCallback(() => {
    carried.current = undefined;
  }, []);
  return { carry, putDown };
}
