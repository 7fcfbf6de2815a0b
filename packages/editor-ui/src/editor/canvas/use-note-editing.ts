import type { CanvasNote } from '@imaginarium/protocol';
import { type RefObject, useEffect, useState } from 'react';
import type { Point } from '../document/nodes.ts';
import { changeNote, removeNote, resizeNote, SMALLEST_NOTE } from '../document/notes.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { useMoveNote } from './use-move-note.ts';

/** What a person does to a note on the canvas. */
export interface NoteEditing {
  writing: boolean;
  begin(): void;
  /** Takes the text, and ends the writing. */
  write(text: string): void;
  remove(): void;
}

/** By how many pixels an arrow key moves or grows a note: the grid of the canvas. */
const KEY_STEP = 8;
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -KEY_STEP, y: 0 },
  ArrowRight: { x: KEY_STEP, y: 0 },
  ArrowUp: { x: 0, y: -KEY_STEP },
  ArrowDown: { x: 0, y: KEY_STEP },
};

/**
 * Writes in a note, removes it, and gives it its keys while it has the focus: Enter writes, Delete removes, arrows move it and with Shift change its size.
 * @param box its element; the keys go to what React Flow draws around it.
 */
export function useNoteEditing(box: RefObject<HTMLDivElement | null>, note: CanvasNote): NoteEditing {
  const store = useEditorStore();
  const [writing, setWriting] = useState(note.text === '');
  const moveNote = useMoveNote();
  const change = store.getState().change;
  const begin = () => setWriting(true);
  const remove = () => change((graph) => removeNote(graph, note.id));
  const grow = (by: Point) => {
    const width = Math.max(SMALLEST_NOTE.width, note.size.width + by.x);
    const height = Math.max(SMALLEST_NOTE.height, note.size.height + by.y);
    change((graph) => resizeNote(graph, note.id, { ...note.position, width, height }));
  };
  const write = (text: string) => {
    setWriting(false);
    change((graph) => changeNote(graph, note.id, { text }));
  };

  useEffect(() => {
    const outer = box.current?.closest<HTMLElement>('.react-flow__node');
    if (!outer || writing) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.target !== outer) return;
      const arrow = ARROWS[event.key];
      const act = arrow
        ? () => (event.shiftKey ? grow(arrow) : moveNote(note, from(note.position, arrow)))
        : { Enter: begin, Delete: remove, Backspace: remove }[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    outer.addEventListener('keydown', onKeyDown);
    return () => outer.removeEventListener('keydown', onKeyDown);
  });
  return { writing, begin, write, remove };
}

function from({ x, y }: Point, by: Point): Point {
  return { x: x + by.x, y: y + by.y };
}
