import { emptyGraph, type Graph, graphSchema } from '@imaginarium/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit, startHistory, undo } from '../store/history.ts';
import {
  addNote,
  changeNote,
  colourOf,
  DEFAULT_NOTE,
  moveNotes,
  NOTE_COLOURS,
  removeNote,
  resizeNote,
} from './notes.ts';

const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const side = fc.double({ min: 1, max: 5000, noNaN: true });
const id = fc.constantFrom('a', 'b', 'c');
type Edit = (graph: Graph) => Graph;
const has = (graph: Graph, one: string) => graph.notes.some((note) => note.id === one);

const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(id, number, number).map(
    ([one, x, y]): Edit =>
      (graph) =>
        has(graph, one) ? graph : addNote(graph, one, { x, y }),
  ),
  fc.tuple(id, fc.string(), fc.constantFrom(...NOTE_COLOURS)).map(
    ([one, text, colour]): Edit =>
      (graph) =>
        changeNote(graph, one, { text, colour }),
  ),
  fc.tuple(id, number, number).map(
    ([one, x, y]): Edit =>
      (graph) =>
        moveNotes(graph, new Map([[one, { x, y }]])),
  ),
  fc.tuple(id, number, number, side, side).map(
    ([one, x, y, width, height]): Edit =>
      (graph) =>
        resizeNote(graph, one, { x, y, width, height }),
  ),
  id.map(
    (one): Edit =>
      (graph) =>
        removeNote(graph, one),
  ),
);

describe('notes on the canvas', () => {
  it('keep the graph as its schema takes it, whatever is done to them, and undo goes back all the way', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 20 }), (sequence) => {
        const first = emptyGraph();
        let history = startHistory(first);
        for (const change of sequence) history = edit(history, change(history.present), { at: 0 });
        expect(graphSchema.parse(history.present)).toEqual(history.present);
        while (history.past.length > 0) history = undo(history);
        expect(history.present).toBe(first);
      }),
    );
  });

  it('leave the graph as it is where nothing changes', () => {
    const graph = addNote(emptyGraph(), 'a', { x: 1.4, y: 2.6 });
    expect(graph.notes).toEqual([{ id: 'a', kind: 'note', text: '', position: { x: 1, y: 3 }, size: DEFAULT_NOTE }]);
    expect(changeNote(graph, 'a', { text: '' })).toBe(graph);
    expect(moveNotes(graph, new Map([['a', { x: 1, y: 3 }]]))).toBe(graph);
    expect(removeNote(graph, 'b')).toBe(graph);
  });

  it('are drawn in a colour that is known, whatever somebody wrote', () => {
    expect(colourOf({ colour: 'green' })).toBe('green');
    expect(colourOf({ colour: '#123456' })).toBe('yellow');
    expect(colourOf({})).toBe('yellow');
  });
});
