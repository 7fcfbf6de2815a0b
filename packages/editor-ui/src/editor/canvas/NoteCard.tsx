import { type NodeProps, NodeResizeControl, ResizeControlVariant } from '@xyflow/react';
import { memo, useRef } from 'react';
import { colourOf, SMALLEST_NOTE } from '../document/notes.ts';
import type { NoteNode } from './flow-nodes.ts';
import styles from './NoteCard.module.css';
import { NoteFrame } from './NoteFrame.tsx';
import { NotePaper } from './NotePaper.tsx';
import { NoteTools } from './NoteTools.tsx';
import { useNodeResize } from './use-node-resize.ts';
import { useNoteEditing } from './use-note-editing.ts';

/** What people write on the canvas: a note, or a frame with a title around cards. Dragged anywhere, in a colour of its own. */
export const NoteCard = memo(function NoteCard({ id, data: { note } }: NodeProps<NoteNode>) {
  const box = useRef<HTMLDivElement>(null);
  const editing = useNoteEditing(box, note);
  const resized = useNodeResize();
  const Content = note.kind === 'frame' ? NoteFrame : NotePaper;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard writes by Enter on the note, which has the focus.
    <div
      ref={box}
      className={styles.note}
      data-kind={note.kind}
      data-colour={colourOf(note)}
      onDoubleClick={editing.begin}
    >
      <Content note={note} editing={editing} />
      <NoteTools note={note} remove={editing.remove} />
      <NodeResizeControl
        className={styles.grip as string}
        position="bottom-right"
        variant={ResizeControlVariant.Handle}
        autoScale={false}
        minWidth={SMALLEST_NOTE.width}
        minHeight={SMALLEST_NOTE.height}
        onResizeEnd={() => resized(id)}
      />
    </div>
  );
});
