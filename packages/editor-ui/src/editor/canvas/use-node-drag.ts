import { useReactFlow } from '@xyflow/react';
import { useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Box, frameAt, frameBoxes } from '../document/frames.ts';
import { withInside } from '../document/loops.ts';
import { moveNodes, type Point } from '../document/nodes.ts';
import { placeIn, refusePlace } from '../document/place-in.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { type FlowNode, measuredSizes } from './flow-nodes.ts';
import { pointOf } from './pointer.ts';
import { type Shift, useFrameCarry } from './use-frame-carry.ts';
import { useMoveNote } from './use-move-note.ts';

interface Drag {
  frames: ReadonlyMap<string, Box>;
  moving: ReadonlySet<string>;
}

/**
 * Moves cards and frames: into the frame under the pointer, or out of theirs. The frame that would take them shows it while they are dragged.
 * @param settle puts what was dragged where the document has it.
 * @param shift moves on the screen what goes along with what is dragged.
 */
export function useNodeDrag(settle: () => void, shift: Shift) {
  const store = useEditorStore();
  const { t } = useTranslation('editor');
  const { screenToFlowPosition, getNodes, getInternalNode } = useReactFlow<FlowNode>();
  const drag = useRef<Drag>(undefined);
  const { carry, putDown } = useFrameCarry(shift);
  const moveNote = useMoveNote();

  const begin = useCallback(
    (dragged: readonly FlowNode[]): Drag => {
      const { graph, catalogue } = store.getState();
      const frames = frameBoxes(graph, catalogue, measuredSizes(getNodes()));
      const ids = dragged.map(({ id }) => id);
      return { frames, moving: new Set(withInside(graph, ids)) };
    },
    [store, getNodes],
  );

  /** The frame that takes what is dragged, where it is another than the one it stands in; undefined where nothing changes. */
  const targetAt = useCallback(
    (point: Point, { frames, moving }: Drag, grabbed: readonly FlowNode[]): string | null | undefined => {
      if (frames.size === 0) return undefined;
      const target = frameAt(store.getState().graph, frames, point, moving);
      return grabbed.some(({ parentId }) => (parentId ?? null) === target) ? undefined : target;
    },
    [store],
  );

  const onDrag = useCallback(
    (event: MouseEvent | TouchEvent | React.MouseEvent, node: FlowNode | undefined, dragged: readonly FlowNode[]) => {
      if (node?.type === 'note') {
        // Notes stand in no loop, though they may lie over one.
        if (node.data.note.kind === 'frame') carry(node);
        return;
      }
      drag.current ??= begin(dragged);
      const target = targetAt(screenToFlowPosition(pointOf(event)), drag.current, node ? [node] : dragged);
      store.getState().aimAt(target ?? null);
    },
    [store, begin, carry, targetAt, screenToFlowPosition],
  );

  const onDragStop = useCallback(
    (event: MouseEvent | TouchEvent | React.MouseEvent, node: FlowNode | undefined, dragged: readonly FlowNode[]) => {
      if (node?.type === 'note') {
        putDown();
        moveNote(node.data.note, node.position);
        settle();
        return;
      }
      const state = store.getState();
      const now = drag.current ?? begin(dragged);
      drag.current = undefined;
      state.aimAt(null);
      const at = pointOf(event);
      const target = targetAt(screenToFlowPosition(at), now, node ? [node] : dragged);
      const ids = dragged.map(({ id }) => id);
      const places = new Map(ids.map((id) => [id, placeOf(id, state, now.frames)]));
      const refusal = target === undefined ? undefined : refusePlace(state.graph, ids, target, state.catalogue);
      if (refusal) state.showBubble({ at, text: refusal.message, remedy: refusal.remedy });
      else {
        const moved = moveNodes(state.graph, places);
        const placed = target === undefined ? moved : placeIn(moved, ids, target);
        state.change(() => placed);
        const cut = moved.edges.length - placed.edges.length;
        if (cut > 0) state.showBubble({ at, text: t('loop.cut', { count: cut }), remedy: t('loop.cutUndo') });
      }
      settle();

      /** Where a node stands now. A frame that goes by what is in it stands elsewhere than its node says; both move alike. */
      function placeOf(id: string, { graph }: EditorState, frames: ReadonlyMap<string, Box>): Point {
        const shown = getInternalNode(id)?.internals.positionAbsolute ?? { x: 0, y: 0 };
        const position = graph.nodes.find((entry) => entry.id === id)?.position ?? shown;
        const before = frames.get(id) ?? position;
        return { x: position.x + shown.x - before.x, y: position.y + shown.y - before.y };
      }
    },
    [store, t, begin, putDown, moveNote, targetAt, screenToFlowPosition, getInternalNode, settle],
  );

  return useMemo(
    () => ({
      onNodeDrag: onDrag,
      onNodeDragStop: onDragStop,
      onSelectionDrag: (event: React.MouseEvent, dragged: FlowNode[]) => onDrag(event, undefined, dragged),
      onSelectionDragStop: (event: React.MouseEvent, dragged: FlowNode[]) => onDragStop(event, undefined, dragged),
    }),
    [onDrag, onDragStop],
  );
}
