import type { CanvasNote, Graph } from '@imaginarium/protocol';
import type { Box } from './frames.ts';
import type { Point, Size } from './nodes.ts';

/** The colours of notes, the first of them for a new one. */
export const NOTE_COLOURS = ['yellow', 'blue', 'green', 'pink', 'grey'] as const;
export type NoteColour = (typeof NOTE_COLOURS)[number];

/** What a new note measures. */
export const DEFAULT_NOTE: Size = { width: 240, height: 152 };
/** The smallest note that a person may make. */
export const SMALLEST_NOTE: Size = { width: 120, height: 72 };

/** Characters that a note may have. */
export const LONGEST_NOTE = 10_000;

/** The colour that a note is drawn in: one that is not known is drawn as the first. */
export function colourOf({ colour }: Pick<CanvasNote, 'colour'>): NoteColour {
  return NOTE_COLOURS.find((known) => known === colour) ?? NOTE_COLOURS[0];
}

/** The graph with an empty note more, its corner at a place. */
export function addNote(graph: Graph, id: string, { x, y }: Point): Graph {
  const position = { x: Math.round(x), y: Math.round(y) };
  return { ...graph, notes: [...graph.notes, { id, kind: 'note', text: '', position, size: DEFAULT_NOTE }] };
}

/** Changes one note; the graph itself when there is no such note or nothing changed. */
export function changeNote(graph: Graph, id: string, change: Partial<Omit<CanvasNote, 'id'>>): Graph {
  const at = graph.notes.findIndex((note) => note.id === id);
  const before = graph.notes[at];
  if (!before) return graph;
  const keys = Object.keys(change) as (keyof typeof change)[];
  if (keys.every((key) => JSON.stringify(before[key]) === JSON.stringify(change[key]))) return graph;
  return { ...graph, notes: graph.notes.with(at, { ...before, ...change }) };
}

/** Puts notes at new places, in whole pixels. */
export function moveNotes(graph: Graph, places: ReadonlyMap<string, Point>): Graph {
  return [...places].reduce(
    (result, [id, { x, y }]) => changeNote(result, id, { position: { x: Math.round(x), y: Math.round(y) } }),
    graph,
  );
}

/** Gives a note a size, from its top left corner. */
export function resizeNote(graph: Graph, id: string, { x, y, width, height }: Box): Graph {
  const size = { width: Math.round(width), height: Math.round(height) };
  return changeNote(graph, id, { position: { x: Math.round(x), y: Math.round(y) }, size });
}

/** Removes a note. */
export function removeNote(graph: Graph, id: string): Graph {
  const notes = graph.notes.filter((note) => note.id !== id);
  return notes.length === graph.notes.length ? graph : { ...graph, notes };
}
