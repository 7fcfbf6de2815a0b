import { type NodeProps, NodeResizeControl, ResizeControlVariant } from '@xyflow/react';
import { Trash2 } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changeNote, colourOf, NOTE_COLOURS, removeNote, SMALLEST_NOTE } from '../document/notes.ts';
import { useEditorStore } from '../store/use-editor.ts';
import type { NoteNode } from './flow-nodes.ts';
import styles from './NoteCard.module.css';
import { useNodeResize } from './use-node-resize.ts';

const LONGEST = 10_000;

/** A note on the canvas for people: written in by double click or Enter, dragged anywhere, in a colour of its own. */
export const NoteCard = memo(function NoteCard({ id, data }: NodeProps<NoteNode>) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { note } = data;
  const [writing, setWriting] = useState(note.text === '');
  const box = useRef<HTMLDivElement>(null);
  const resized = useNodeResize();
  const change = store.getState().change;
  const remove = () => change((graph) => removeNote(graph, note.id));
  useKeysOf(box, writing, { write: () => setWriting(true), remove });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard writes by Enter on the note, which has the focus.
    <div ref={box} className={styles.note} data-colour={colourOf(note)} onDoubleClick={() => setWriting(true)}>
      {writing ? (
        <textarea
          // biome-ignore lint/a11y/noAutofocus: a person asked to write here.
          autoFocus
          className="nodrag nowheel nopan"
          aria-label={t('note.text')}
          placeholder={t('note.placeholder')}
          maxLength={LONGEST}
          defaultValue={note.text}
          onBlur={(event) => {
            const text = event.target.value;
            setWriting(false);
            change((graph) => changeNote(graph, note.id, { text }));
          }}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
      ) : (
        <p>{note.text || <em>{t('note.empty')}</em>}</p>
      )}
      <div className={`${styles.tools} nodrag`}>
        {NOTE_COLOURS.map((colour) => (
          <button
            key={colour}
            type="button"
            data-colour={colour}
            aria-label={t(`note.colour.${colour}`)}
            aria-pressed={colour === colourOf(note)}
            onClick={() => change((graph) => changeNote(graph, note.id, { colour }))}
          />
        ))}
        <button type="button" className={styles.remove} aria-label={t('note.remove')} onClick={remove}>
          <Trash2 size={13} aria-hidden />
        </button>
      </div>
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

/** The keys of a note that has the focus: Enter writes, Delete removes. They go to what React Flow draws around it. */
function useKeysOf(
  box: React.RefObject<HTMLDivElement | null>,
  writing: boolean,
  { write, remove }: { write(): void; remove(): void },
): void {
  useEffect(() => {
    const outer = box.current?.closest<HTMLElement>('.react-flow__node');
    if (!outer || writing) return;
    const onKeyDown = (event: KeyboardEvent | globalThis.KeyboardEvent) => {
      if (event.target !== outer) return;
      const act = { Enter: write, Delete: remove, Backspace: remove }[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    outer.addEventListener('keydown', onKeyDown);
    return () => outer.removeEventListener('keydown', onKeyDown);
  });
}
