import type { Run } from '@imaginarium/protocol';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { RecentRun } from './RecentRun.tsx';
import styles from './RecentRuns.module.css';

/** The last runs as a strip of pictures; nothing at all before the first run. */
export function RecentRuns({ runs }: { runs: UseQueryResult<Run[]> }) {
  const { t } = useTranslation('home');
  if (runs.data?.length === 0) return null;
  return (
    <section aria-labelledby="recent-runs" className={styles.section}>
      <div className={styles.head}>
        <h2 id="recent-runs">{t('recent.title')}</h2>
        <Link to="/runs">{t('recent.all')}</Link>
      </div>
      {runs.error && !runs.data && (
        <ErrorNotice error={runs.error} title={t('recent.failed')} onRetry={() => void runs.refetch()} />
      )}
      {runs.isPending && (
        <div role="status" aria-label={t('recent.loading')} className={styles.strip}>
          {[0, 1, 2, 3, 4, 5, 6].map((place) => (
            <div key={place} className={styles.skeleton}>
              <span />
            </div>
          ))}
        </div>
      )}
      {runs.data && (
        <ul className={styles.strip}>
          {runs.data.map((run) => (
            <RecentRun key={run.id} run={run} />
          ))}
        </ul>
      )}
    </section>
  );
}
