import { type CanvasNote, type GraphNode, loopsAround } from '@imaginarium/protocol';
import type { Node } from '@xyflow/react';
import { type Box, DEFAULT_CARD, frameAround, frameBoxes } from '../document/frames.ts';
import type { Point, Size } from '../document/nodes.ts';
import type { EditorState } from '../store/editor-store.ts';

/** What a card or a frame knows: its node, and where the document says that it stands, counted from the frame around it. */
export interface FlowData extends Record<string, unknown> {
  node: GraphNode;
  place: Point;
  /** Of a frame: how large the document says that it is. */
  size?: Size;
}

export type CardNode = Node<FlowData, 'card'>;
export type FrameNode = Node<FlowData, 'frame'>;
/** What a note on the canvas knows. */
export interface NoteData extends Record<string, unknown> {
  note: CanvasNote;
}
export type NoteNode = Node<NoteData, 'note'>;
/** A node of the graph as React Flow draws it. */
type GraphFlowNode = CardNode | FrameNode;
/** What React Flow draws and drags: nodes, and notes. */
export type FlowNode = GraphFlowNode | NoteNode;

/** The class of what a frame is dragged by; the rest of it lets the pointer through to the canvas. */
export const FRAME_HANDLE = 'frame-handle';
const CLEAR = { pointerEvents: 'none' } as const;

type Seen = Pick<EditorState, 'graph' | 'catalogue' | 'selection'>;

/** What a card measures as it was drawn last. */
export function measuredSizes(nodes: readonly FlowNode[]): (id: string) => Size {
  const sizes = new Map(nodes.map(({ id, type, measured }) => [id, type === 'card' ? measured : undefined]));
  return (id) => {
    const { width, height } = sizes.get(id) ?? {};
    return width && height ? { width, height } : DEFAULT_CARD;
  };
}

/**
 * The nodes of a graph for React Flow: frames before what stands in them, which is placed from their corner. Those that did not change
 * are taken over.
 * @param exactly also puts back what was dragged without the document hearing of it.
 */
export function flowNodes(before: readonly FlowNode[], state: Seen, exactly = false): FlowNode[] {
  const { graph, catalogue, selection } = state;
  const frames = frameBoxes(graph, catalogue, measuredSizes(before));
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const earlier = new Map(before.map((node) => [node.id, node]));
  const selected = new Set(selection.nodes);
  const depth = (node: GraphNode) => (frames.size === 0 ? 0 : loopsAround(node.id, byId).length);
  const notes = graph.notes.map((note) => aNote(note, earlier.get(noteKey(note.id)), exactly));
  const nodes = graph.nodes
    .toSorted((a, b) => depth(a) - depth(b))
    .map((node): GraphFlowNode => {
      const frame = frames.get(node.id);
      const parent = frames.size === 0 ? null : frameAround(node, frames, byId);
      const corner = parent === null ? undefined : frames.get(parent);
      const { x, y } = frame ?? node.position;
      const place = corner ? { x: x - corner.x, y: y - corner.y } : { x, y };
      const was = earlier.get(node.id);
      const known = was && was.type !== 'note' && was.type === (frame ? 'frame' : 'card') ? was : undefined;
      const next = frame ? aFrame(node, place, frame, known) : aCard(node, place, known);
      const shown = { ...next, selected: selected.has(node.id), ...(parent === null ? {} : { parentId: parent }) };
      if (known && !exactly && isSamePoint(known.data.place, place)) shown.position = known.position;
      return known && isSame(known, shown) ? known : (shown as GraphFlowNode);
    });
  return [...notes, ...nodes];
}

const NOTE = 'note:';

/** The id of a note among the nodes that React Flow draws: no node has such a one. */
export function noteKey(id: string): string {
  return `${NOTE}${id}`;
}

/** The note that React Flow draws under an id; undefined for nodes. */
export function noteId(key: string): string | undefined {
  return key.startsWith(NOTE) ? key.slice(NOTE.length) : undefined;
}

/** Notes lie behind everything, drawn frames behind them too; they are no part of a selection. */
function aNote(note: CanvasNote, known: FlowNode | undefined, exactly: boolean): NoteNode {
  if (known?.type === 'note' && known.data.note === note && !exactly) return known;
  const rest = known?.type === 'note' ? known : {};
  const { width, height } = note.size;
  return {
    ...rest,
    ...{ id: noteKey(note.id), type: 'note', position: note.position, data: { note }, width, height },
    ...{ zIndex: -1, selectable: false, ariaLabel: note.text.slice(0, 80) },
    ...(note.kind === 'frame' ? { zIndex: -2, dragHandle: `.${FRAME_HANDLE}`, style: CLEAR } : {}),
  };
}

function aCard(node: GraphNode, place: Point, known: GraphFlowNode | undefined): GraphFlowNode {
  const { parentId: _parent, ...rest } = (known ?? { id: node.id }) as CardNode;
  const data = known && known.data.node === node && isSamePoint(known.data.place, place) ? known.data : { node, place };
  return { ...rest, type: 'card', position: place, data, ariaLabel: node.name };
}

function aFrame(
  node: GraphNode,
  place: Point,
  { width, height }: Box,
  known: GraphFlowNode | undefined,
): GraphFlowNode {
  const { parentId: _parent, ...rest } = (known ?? { id: node.id }) as FrameNode;
  const old = known?.data;
  const isOld =
    old?.node === node && isSamePoint(old.place, place) && old.size?.width === width && old.size.height === height;
  return {
    ...rest,
    type: 'frame',
    position: place,
    data: isOld ? old : { node, place, size: { width, height } },
    ariaLabel: node.name,
    width,
    height,
    dragHandle: `.${FRAME_HANDLE}`,
    style: CLEAR,
  };
}

function isSamePoint(a: Point, b: Point): boolean {
  return a.x === b.x && a.y === b.y;
}

function isSame(a: GraphFlowNode, b: { selected: boolean; parentId?: string } & Partial<GraphFlowNode>): boolean {
  return (
    a.data === b.data &&
    (a.selected ?? false) === b.selected &&
    a.parentId === b.parentId &&
    a.position === b.position &&
    a.width === b.width &&
    a.height === b.height
  );
}
