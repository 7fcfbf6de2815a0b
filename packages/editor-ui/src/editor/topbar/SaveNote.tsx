import { Check, CloudAlert, CloudOff, LoaderCircle } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatExactTime } from '../../components/format.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './TopBar.module.css';

const saveOf = (state: EditorState) => state.save;
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Where the draft stands: saved at what time, being saved, or why not. */
export function SaveNote() {
  const { t } = useTranslation('editor');
  const save = useEditor(saveOf);
  switch (save.state) {
    case 'saved': {
      const at = Date.parse(save.at);
      return (
        <span className={styles.save} role="status" title={formatExactTime(at)}>
          <Check size={13} aria-hidden /> <span>{t('save.saved', { time: clock.format(at) })}</span>
        </span>
      );
    }
    case 'unsaved':
    case 'saving':
      return (
        <span className={styles.save} role="status">
          <LoaderCircle size={13} aria-hidden /> <span>{t('save.saving')}</span>
        </span>
      );
    case 'offline':
      return (
        <span className={`${styles.save} ${styles.alarm}`} role="status" title={t('save.offlineHelp')}>
          <CloudOff size={14} aria-hidden /> <span>{t('save.offline')}</span>
        </span>
      );
    case 'refused':
      return (
        <span className={`${styles.save} ${styles.alarm}`} role="alert" title={save.reason}>
          <CloudAlert size={14} aria-hidden /> <span>{t('save.refused')}</span>
        </span>
      );
    case 'conflict':
      return (
        <span className={`${styles.save} ${styles.alarm}`} role="alert">
          <CloudAlert size={14} aria-hidden /> <span>{t('save.conflict')}</span>
        </span>
      );
  }
}
