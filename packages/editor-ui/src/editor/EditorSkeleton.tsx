import { useTranslation } from 'react-i18next';
import styles from './EditorScreen.module.css';

/** The shape of the editor, while the workflow is on its way. */
export function EditorSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('loading')} className={styles.skeleton}>
      <div />
      <div />
      <div />
      <div />
    </div>
  );
}
