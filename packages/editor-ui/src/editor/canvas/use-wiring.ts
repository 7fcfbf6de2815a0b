import type { Connection, FinalConnectionState, HandleType, OnConnectStartParams } from '@xyflow/react';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import type { Side, WireEnd } from '../document/fitting-ports.ts';
import type { Wire } from '../document/wires.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { noteId } from './flow-nodes.ts';
import { pointOf } from './pointer.ts';
import { useObjectionText } from './use-objection-text.ts';

/** What the canvas does while a wire is drawn and when it is dropped: on a port, on a card, or on nothing. */
export function useWiring() {
  const store = useEditorStore();
  const { screenToFlowPosition } = useReactFlow();
  const textOf = useObjectionText();

  const onConnectStart = useCallback(
    (_event: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
      if (!nodeId || !handleId || !handleType) return;
      store.getState().showBubble(null);
      store.getState().draw({ node: nodeId, port: handleId, side: sideOf(handleType) });
    },
    [store],
  );

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, connection: FinalConnectionState) => {
      const { drawing, draw, wire, showBubble, openQuickAdd } = store.getState();
      const end = drawing?.end;
      draw(null);
      if (!end) return;
      const point = pointOf(event);
      const { toNode, toHandle } = connection;
      const other = toHandle?.id && toNode ? { node: toNode.id, port: toHandle.id } : undefined;
      if (other && other.node === end.node && other.port === end.port) return;
      if (other && toHandle && sideOf(toHandle.type) === end.side)
        return showBubble({ at: point, ...textOf({ code: 'same-side', node: '', port: '' }) });
      const target = other ?? portUnderCard(drawing.fits, end, point);
      if (target) {
        const objection = wire(wireOf(end, target));
        if (objection) showBubble({ at: point, ...textOf(objection) });
        return;
      }
      if (isCardAt(point)) return showBubble({ at: point, ...textOf({ code: 'nothing-fits', node: '', port: '' }) });
      openQuickAdd({ at: point, position: screenToFlowPosition(point), from: end });
    },
    [store, screenToFlowPosition, textOf],
  );

  /** React Flow asks this of every port the pointer passes; the document has the last word when the wire is dropped. */
  const isValidConnection = useCallback(
    (connection: Connection | { source: string; target: string }) => connection.source !== connection.target,
    [],
  );

  return { onConnectStart, onConnectEnd, isValidConnection };
}

function sideOf(type: HandleType): Side {
  return type === 'source' ? 'output' : 'input';
}

/** A wire by its two ends, whichever was drawn first. */
export function wireOf(end: WireEnd, other: { node: string; port: string }): Wire {
  const here = { node: end.node, port: end.port };
  return end.side === 'output' ? { from: here, to: other } : { from: other, to: here };
}

function cardAt(point: { x: number; y: number }): HTMLElement | null {
  // A note is no card: what lies under it counts as empty canvas.
  const drawn = document.elementFromPoint(point.x, point.y)?.closest<HTMLElement>('.react-flow__node');
  return drawn && noteId(drawn.dataset.id ?? '') === undefined ? drawn : null;
}

function isCardAt(point: { x: number; y: number }): boolean {
  return cardAt(point) !== null;
}

/** A wire dropped on a card goes to the card's first port that fits. */
function portUnderCard(fits: ReadonlySet<string>, end: WireEnd, point: { x: number; y: number }) {
  const node = cardAt(point)?.dataset.id;
  if (node === undefined || node === end.node) return undefined;
  const key = [...fits].find((entry) => entry.startsWith(`${node} `));
  return key === undefined ? undefined : { node, port: key.split(' ')[2] as string };
}
