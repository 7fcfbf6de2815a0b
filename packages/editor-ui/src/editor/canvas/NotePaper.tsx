import type { CanvasNote } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { LONGEST_NOTE } from '../document/notes.ts';
import type { NoteEditing } from './use-note-editing.ts';

interface NotePaperProps {
  note: CanvasNote;
  editing: NoteEditing;
}

/** The text of a note, or the field it is written in. */
export function NotePaper({ note, editing }: NotePaperProps) {
  const { t } = useTranslation('editor');
  if (!editing.writing) return <p>{note.text || <em>{t('note.empty')}</em>}</p>;
  return (
    <textarea
      // biome-ignore lint/a11y/noAutofocus: a person asked to write here.
      autoFocus
      className="nodrag nowheel nopan"
      aria-label={t('note.text')}
      placeholder={t('note.placeholder')}
      maxLength={LONGEST_NOTE}
      defaultValue={note.text}
      onBlur={(event) => editing.write(event.target.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
