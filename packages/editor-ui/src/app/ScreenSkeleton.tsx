import { useTranslation } from 'react-i18next';
import styles from './ScreenSkeleton.module.css';

/** The shape of the shell, while a screen's script or the session is on its way. */
export function ScreenSkeleton() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t('loading')} className={styles.screen}>
      <div className={styles.bar} />
    </div>
  );
}
