import Button from 'antd/es/button';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useRuns } from '../api/runs.ts';
import { useTitle } from '../app/use-title.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { LinkButton } from '../components/LinkButton.tsx';
import { FailureActions } from './FailureActions.tsx';
import { FailureFilterBar } from './FailureFilterBar.tsx';
import { FailureTable } from './FailureTable.tsx';
import styles from './RunsScreen.module.css';
import { RunTableSkeleton } from './RunTable.tsx';
import { useFailureFilter } from './use-failure-filter.ts';

/** Runs that failed and that nobody has dealt with: run them again, one or many, or dismiss them. */
export function FailuresScreen() {
  const { t } = useTranslation('runs');
  useTitle(t('failures.title'));
  const { filter, query, change } = useFailureFilter();
  const runs = useRuns(query);
  const list = runs.data?.pages.flatMap((page) => page.runs);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const chosen = list?.filter((run) => marked.has(run.id)) ?? [];
  const filtered = filter.workflowId !== undefined || filter.errorCode !== undefined || filter.within !== undefined;
  return (
    <>
      <div className={styles.head}>
        <div>
          <Link to="/runs">{t('title')}</Link>
          <h1>{t('failures.title')}</h1>
        </div>
        <FailureFilterBar filter={filter} onChange={change} />
      </div>
      {runs.error && !list && (
        <ErrorNotice error={runs.error} title={t('failed')} onRetry={() => void runs.refetch()} />
      )}
      {runs.isPending && <RunTableSkeleton />}
      {list && list.length > 0 && (
        <>
          <FailureActions chosen={chosen} onDone={() => setMarked(new Set())} />
          <FailureTable runs={list} marked={marked} onMark={setMarked} />
        </>
      )}
      {list?.length === 0 && <NoFailures filtered={filtered} onClear={() => change({})} />}
      {runs.hasNextPage && (
        <Button className={styles.more} loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t('more')}
        </Button>
      )}
    </>
  );
}

function NoFailures({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation('runs');
  return (
    <EmptyState
      picture={<FlowPicture width={260} />}
      title={t(filtered ? 'none.title' : 'failures.none')}
      action={
        filtered ? (
          <Button onClick={onClear}>{t('filter.clear')}</Button>
        ) : (
          <LinkButton to="/runs">{t('failures.toRuns')}</LinkButton>
        )
      }
    >
      {t(filtered ? 'none.text' : 'failures.noneText')}
    </EmptyState>
  );
}
