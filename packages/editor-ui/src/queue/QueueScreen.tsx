import type { QueueState } from '@imaginarium/protocol';
import Skeleton from 'antd/es/skeleton';
import { useTranslation } from 'react-i18next';
import { useQueue } from '../api/queue.ts';
import { useTitle } from '../app/use-title.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { MissingNotice } from './MissingNotice.tsx';
import { PauseButton } from './PauseButton.tsx';
import { QueueFigures } from './QueueFigures.tsx';
import styles from './QueueScreen.module.css';
import { WorkerList } from './WorkerList.tsx';
import { WorkspaceTable } from './WorkspaceTable.tsx';

/** What waits, who executes it, and the switch that stops both. For the owner. */
export function QueueScreen() {
  const { t } = useTranslation('queue');
  useTitle(t('title'));
  const queue = useQueue();
  return (
    <>
      <div className={styles.head}>
        <div>
          <h1>{t('title')}</h1>
          <p className={styles.lead}>{t('lead')}</p>
        </div>
        {queue.data && <PauseButton paused={queue.data.paused !== null} />}
      </div>
      {queue.error && !queue.data && (
        <ErrorNotice error={queue.error} title={t('failed')} onRetry={() => void queue.refetch()} />
      )}
      {queue.isPending && (
        <div role="status" aria-label={t('loading')}>
          <Skeleton active paragraph={{ rows: 8 }} />
        </div>
      )}
      {queue.data && <Queue queue={queue.data} />}
    </>
  );
}

function Queue({ queue }: { queue: QueueState }) {
  const { t } = useTranslation('queue');
  return (
    <>
      {queue.paused && (
        <div role="status" className={styles.notice}>
          <strong>{t('paused')}</strong>
          <p>
            {t('pausedBy', { name: queue.paused.by })}. {t('pausedText')}
          </p>
        </div>
      )}
      {queue.missing.map((missing) => (
        <MissingNotice key={missing.nodeTypes.join()} missing={missing} />
      ))}
      <QueueFigures workspaces={queue.workspaces} />
      <section className={styles.section} aria-labelledby="workers">
        <h2 id="workers">{t('workers.title')}</h2>
        <WorkerList workers={queue.workers} />
      </section>
      <section className={styles.section} aria-labelledby="workspaces">
        <h2 id="workspaces">{t('workspaces.title')}</h2>
        <WorkspaceTable workspaces={queue.workspaces} />
      </section>
    </>
  );
}
