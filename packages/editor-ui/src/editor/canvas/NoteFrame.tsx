import type { CanvasNote } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { FRAME_HANDLE } from './flow-nodes.ts';
import styles from './NoteCard.module.css';
import type { NoteEditing } from './use-note-editing.ts';

/** Longer titles would not fit on any frame. */
const LONGEST_TITLE = 120;

interface NoteFrameProps {
  note: CanvasNote;
  editing: NoteEditing;
}

/** A frame that a person drew around cards: its title, by which it is dragged with all that lies in it. */
export function NoteFrame({ note, editing }: NoteFrameProps) {
  const { t } = useTranslation('editor');
  return (
    <div className={`${styles.title} ${FRAME_HANDLE}`}>
      {editing.writing ? (
        <input
          // biome-ignore lint/a11y/noAutofocus: a person asked to write here.
          autoFocus
          className="nodrag nopan"
          aria-label={t('note.title')}
          placeholder={t('note.titlePlaceholder')}
          maxLength={LONGEST_TITLE}
          defaultValue={note.text}
          onBlur={(event) => editing.write(event.target.value)}
          onKeyDown={(event) => {
            event.stopPropagation();
            if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
          }}
        />
      ) : (
        <span>{note.text || <em>{t('note.untitled')}</em>}</span>
      )}
    </div>
  );
}
