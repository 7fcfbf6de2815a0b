import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { useRuns } from '../api/runs.ts';
import { useTitle } from '../app/use-title.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { RunFilterBar } from './RunFilterBar.tsx';
import styles from './RunsScreen.module.css';
import { RunTable, RunTableSkeleton } from './RunTable.tsx';
import { useRunFilter } from './use-run-filter.ts';

/** Every run of the workspace, the newest first. */
export function RunsScreen() {
  const { t } = useTranslation('runs');
  useTitle(t('title'));
  const [filter, change] = useRunFilter();
  const runs = useRuns(filter);
  const list = runs.data?.pages.flatMap((page) => page.runs);
  const filtered = filter.state !== undefined || filter.workflowId !== undefined;
  return (
    <>
      <div className={styles.head}>
        <h1>{t('title')}</h1>
        <RunFilterBar filter={filter} onChange={change} />
        <LinkButton to="/runs/failed" type="default">
          {t('failures.title')}
        </LinkButton>
      </div>
      {runs.error && !list && (
        <ErrorNotice error={runs.error} title={t('failed')} onRetry={() => void runs.refetch()} />
      )}
      {runs.isPending && <RunTableSkeleton />}
      {list && list.length > 0 && <RunTable runs={list} />}
      {list?.length === 0 && filtered && (
        <EmptyState
          picture={<FlowPicture width={260} />}
          title={t('none.title')}
          action={
            <Button onClick={() => change({ state: undefined, workflowId: undefined })}>{t('filter.clear')}</Button>
          }
        >
          {t('none.text')}
        </EmptyState>
      )}
      {list?.length === 0 && !filtered && (
        <EmptyState
          picture={<FlowPicture />}
          title={t('empty.title')}
          action={<LinkButton to="/">{t('empty.action')}</LinkButton>}
        >
          {t('empty.text')}
        </EmptyState>
      )}
      {runs.isFetchNextPageError && <ErrorNotice error={runs.error} title={t('moreFailed')} />}
      {runs.hasNextPage && (
        <Button className={styles.more} loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  );
}
