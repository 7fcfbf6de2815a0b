import type { WorkerState } from '@imaginarium/protocol';
import Progress from 'antd/es/progress';
import { useTranslation } from 'react-i18next';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './QueueScreen.module.css';

/** The workers that are there: their load, and the node packages they have. */
export function WorkerList({ workers }: { workers: readonly WorkerState[] }) {
  const { t } = useTranslation('queue');
  if (workers.length === 0)
    return (
      <div role="alert" className={`${styles.notice} ${styles.bad}`}>
        <strong>{t('workers.none')}</strong>
        <p>{t('workers.noneText')}</p>
      </div>
    );
  return (
    <ul className={styles.card}>
      {workers.map((worker) => (
        <li key={worker.id} className={styles.worker}>
          <div className={styles.who}>
            <strong>{worker.id}</strong>
            <span className={styles.quiet}>
              v{worker.version}, {t('workers.started')} <RelativeTime at={worker.startedAt} />
            </span>
          </div>
          <div className={styles.load}>
            <span>{t('workers.load', { running: worker.running, concurrency: worker.concurrency })}</span>
            <Progress
              aria-label={t('workers.share')}
              percent={(100 * worker.running) / worker.concurrency}
              showInfo={false}
              size="small"
              status="normal"
            />
            {worker.pools.map(({ pool, running, waiting, memoryMb }) => (
              <span key={pool} className={styles.quiet}>
                {t('workers.pool', { pool, running, memory: memoryMb.toLocaleString('en') })}
                {waiting > 0 && `, ${t('workers.poolWaits', { count: waiting })}`}
              </span>
            ))}
          </div>
          <ul className={styles.packages} aria-label={t('workers.packages')}>
            {worker.packages.map(({ name, version }) => (
              <li key={name}>
                {name} <span className={styles.quiet}>{version}</span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
