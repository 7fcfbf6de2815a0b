import type { CanvasNote } from '@imaginarium/protocol';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { changeNote, colourOf, NOTE_COLOURS } from '../document/notes.ts';
import { useEditorStore } from '../store/use-editor.ts';
import styles from './NoteCard.module.css';

interface NoteToolsProps {
  note: CanvasNote;
  remove: () => void;
}

/** The colours of a note or a drawn frame, and its end. */
export function NoteTools({ note, remove }: NoteToolsProps) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const paint = (colour: string) => store.getState().change((graph) => changeNote(graph, note.id, { colour }));
  return (
    <div className={`${styles.tools} nodrag`}>
      {NOTE_COLOURS.map((colour) => (
        <button
          key={colour}
          type="button"
          data-colour={colour}
          aria-label={t(`note.colour.${colour}`)}
          aria-pressed={colour === colourOf(note)}
          onClick={() => paint(colour)}
        />
      ))}
      <button type="button" className={styles.remove} aria-label={t(`note.remove.${note.kind}`)} onClick={remove}>
        <Trash2 size={13} aria-hidden />
      </button>
    </div>
  );
}
