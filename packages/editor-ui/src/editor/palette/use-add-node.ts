import type { NodeDescription } from '@imaginarium/protocol';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import { DEFAULT_CARD, frameBoxes } from '../document/frames.ts';
import { freePlace } from '../document/free-place.ts';
import { loopBeside } from '../document/loops.ts';
import type { Point } from '../document/nodes.ts';
import { insideFrame } from '../document/place-in.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Adds a node where it covers no other: in the selected loop, else right of the selected node and in its loop, else in the middle of what is seen. */
export function useAddNode() {
  const store = useEditorStore();
  const { screenToFlowPosition, setCenter, getZoom } = useReactFlow();
  return useCallback(
    (description: NodeDescription) => {
      const { graph, selection, catalogue, add } = store.getState();
      const beside = graph.nodes.find((node) => node.id === selection.nodes.at(-1));
      // What starts runs stands in no loop.
      const loop = description.trigger ? null : loopBeside(beside, catalogue);
      const frames = frameBoxes(graph, catalogue);
      const wanted =
        (loop !== null && loop === beside?.id && insideFrame(graph, loop, frames)) ||
        (beside
          ? { x: right(frames.get(beside.id) ?? beside.position) + 96, y: beside.position.y }
          : screenToFlowPosition(middleOfCanvas()));
      const place = freePlace(graph, wanted, catalogue, { loop });
      const middle = { x: place.x + DEFAULT_CARD.width / 2, y: place.y + DEFAULT_CARD.height / 2 };
      if (!isSeen(place, screenToFlowPosition)) void setCenter(middle.x, middle.y, { zoom: getZoom(), duration: 160 });
      return add(description, place, loop);
    },
    [store, screenToFlowPosition, setCenter, getZoom],
  );
}

function right({ x, width = DEFAULT_CARD.width }: Point & { width?: number }): number {
  return x + width;
}

/** Whether a card at a place would lie inside what the canvas shows. */
function isSeen(place: Point, toFlow: (point: Point) => Point): boolean {
  const box = document.querySelector('[data-region="canvas"]')?.getBoundingClientRect();
  if (!box) return true;
  const from = toFlow({ x: box.left, y: box.top });
  const to = toFlow({ x: box.right, y: box.bottom });
  const { width, height } = DEFAULT_CARD;
  return place.x >= from.x && place.y >= from.y && place.x + width <= to.x && place.y + height <= to.y;
}

function middleOfCanvas() {
  const box = document.querySelector('[data-region="canvas"]')?.getBoundingClientRect();
  if (!box) return { x: 0, y: 0 };
  return { x: box.x + box.width / 2 - DEFAULT_CARD.width / 2, y: box.y + box.height / 2 - DEFAULT_CARD.height / 2 };
}
