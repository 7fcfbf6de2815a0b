import type { QueueState } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import styles from './QueueScreen.module.css';

/** Runs that no worker can execute, and what one would need for it. */
export function MissingNotice({ missing }: { missing: QueueState['missing'][number] }) {
  const { t } = useTranslation('queue');
  const { packages, nodeTypes, runs } = missing;
  return (
    <div role="alert" className={`${styles.notice} ${styles.bad}`}>
      <strong>
        {packages.length > 0
          ? t('missing.packages', { names: packages.join(', ') })
          : t('missing.types', { names: nodeTypes.join(', ') })}
      </strong>
      <p>{t('missing.text', { count: runs })}</p>
      {packages.length > 0 && <p className={styles.quiet}>{nodeTypes.join(', ')}</p>}
    </div>
  );
}
