import type { ModelState } from '@imaginarium/protocol';
import Progress from 'antd/es/progress';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../components/format.ts';
import styles from './ModelsScreen.module.css';

/** How far a download is, or why the last one ended before its end. */
export function PullState({ model: { entry, pull } }: { model: ModelState }) {
  const { t } = useTranslation('models');
  if (!pull) return null;
  const done = formatBytes(pull.bytes);
  if (pull.state === 'cancelled')
    return <p className={styles.quiet}>{pull.bytes > 0 ? t('pullCancelled', { done }) : t('pullCancelledAtOnce')}</p>;
  if (pull.state === 'failed')
    return (
      <p role="alert" className={styles.failure}>
        <strong>{t('pullFailed')}.</strong> {pull.message}
      </p>
    );
  return (
    <div className={styles.progress}>
      <Progress
        aria-label={entry.title}
        percent={pull.total === null ? 0 : Math.floor((100 * pull.bytes) / pull.total)}
        showInfo={false}
        size="small"
        status="active"
      />
      <span className={styles.quiet}>
        {pull.total === null ? done : t('progress', { done, total: formatBytes(pull.total) })}
      </span>
    </div>
  );
}
