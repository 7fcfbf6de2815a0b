import type { CanvasNote, Graph } from '@imaginarium/protocol';
import { around, type Box } from './frames.ts';
import { moveNodes, type Point, type Size } from './nodes.ts';
import { moveNotes, resizeNote } from './notes.ts';

/** Room between the border of a frame that a person drew and what it goes around: its title is above. */
const ROOM = { top: 56, right: 24, bottom: 24, left: 24 };

type Boxes = ReadonlyMap<string, Box>;

/** The graph with a frame more, around the boxes of some nodes; the graph itself when there is nothing to go around. */
export function addNoteFrame(graph: Graph, id: string, boxes: readonly Box[]): Graph {
  if (boxes.length === 0) return graph;
  const frame: CanvasNote = { id, kind: 'frame', text: '', ...placed(withRoom(boxes)), colour: 'grey' };
  return { ...graph, notes: [...graph.notes, frame] };
}

/** Where the notes of a graph lie. */
export function noteBoxes({ notes }: Graph): ReadonlyMap<string, Box> {
  return new Map(notes.map((note) => [note.id, { ...note.position, ...note.size }]));
}

/** What lies wholly in a frame: the ids of the boxes, the frame's own left out. */
export function idsWithin(frame: CanvasNote, boxes: Boxes): readonly string[] {
  const { x, y } = frame.position;
  const [right, bottom] = [x + frame.size.width, y + frame.size.height];
  const isWithin = (box: Box) => box.x >= x && box.y >= y && box.x + box.width <= right && box.y + box.height <= bottom;
  return [...boxes].flatMap(([id, box]) => (id !== frame.id && isWithin(box) ? [id] : []));
}

/** Moves a frame to a place, and with it the nodes that lie in it and the notes. */
export function moveNoteFrame(graph: Graph, frame: CanvasNote, to: Point, nodeBoxes: Boxes): Graph {
  const by = { x: to.x - frame.position.x, y: to.y - frame.position.y };
  const shifted = (place: Point): Point => ({ x: place.x + by.x, y: place.y + by.y });
  const within = new Set(idsWithin(frame, nodeBoxes));
  const nodes = graph.nodes.filter((node) => within.has(node.id));
  const notesWithin = new Set([frame.id, ...idsWithin(frame, noteBoxes(graph))]);
  const notes = graph.notes.filter((note) => notesWithin.has(note.id));
  return moveNotes(
    moveNodes(graph, new Map(nodes.map((node) => [node.id, shifted(node.position)]))),
    new Map(notes.map((note) => [note.id, shifted(note.position)])),
  );
}

/** Fits the frames of a graph around what lay in them before it was laid out anew; an empty one stays where it is. */
export function refitNoteFrames(before: Graph, after: Graph, boxesBefore: Boxes, boxesAfter: Boxes): Graph {
  return before.notes.reduce((graph, note) => {
    const within = note.kind === 'frame' ? idsWithin(note, boxesBefore) : [];
    const boxes = within.flatMap((id) => boxesAfter.get(id) ?? []);
    return boxes.length === 0 ? graph : resizeNote(graph, note.id, withRoom(boxes));
  }, after);
}

function withRoom(boxes: readonly Box[]): Box {
  const { x, y, width, height } = around(boxes);
  return {
    x: x - ROOM.left,
    y: y - ROOM.top,
    width: width + ROOM.left + ROOM.right,
    height: height + ROOM.top + ROOM.bottom,
  };
}

function placed({ x, y, width, height }: Box): { position: Point; size: Size } {
  return {
    position: { x: Math.round(x), y: Math.round(y) },
    size: { width: Math.round(width), height: Math.round(height) },
  };
}
