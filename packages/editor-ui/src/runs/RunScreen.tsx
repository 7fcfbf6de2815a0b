import Skeleton from 'antd/es/skeleton';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useRun } from '../api/runs.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { RunPage } from './RunPage.tsx';
import styles from './RunScreen.module.css';

/** One run at its own address. */
export function RunScreen() {
  const { t } = useTranslation('runs');
  const { id = '' } = useParams();
  const run = useRun(id);
  if (run.data) return <RunPage key={id} detail={run.data} />;
  if (run.error) return <ErrorNotice error={run.error} title={t('run.failed')} onRetry={() => void run.refetch()} />;
  return (
    <div role="status" aria-label={t('run.loading')}>
      <Skeleton active paragraph={{ rows: 2 }} />
      <div className={styles.skeleton} />
      <Skeleton active title={false} paragraph={{ rows: 5 }} />
    </div>
  );
}
