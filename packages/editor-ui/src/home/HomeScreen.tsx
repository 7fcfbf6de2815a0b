import Button from 'antd/es/button';
import Space from 'antd/es/space';
import { FileUp, Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useRecentRuns } from '../api/runs.ts';
import { useWorkflows } from '../api/workflows.ts';
import { useTitle } from '../app/use-title.ts';
import { EmptyState } from '../components/EmptyState.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FilesButton } from '../components/FilesButton.tsx';
import { FlowPicture } from '../components/FlowPicture.tsx';
import styles from './HomeScreen.module.css';
import { RecentRuns } from './RecentRuns.tsx';
import { useImport } from './use-import.ts';
import { useNewWorkflow } from './use-new-workflow.ts';
import { Welcome } from './Welcome.tsx';
import { WorkflowGrid, WorkflowGridSkeleton } from './WorkflowGrid.tsx';

export const RECENT_RUNS = 12;

/** The workflows of the workspace and what they made last. */
export function HomeScreen() {
  const { t } = useTranslation('home');
  useTitle(t('title'));
  const workflows = useWorkflows();
  const recent = useRecentRuns(RECENT_RUNS);
  const { create, creating, error } = useNewWorkflow();
  const imported = useImport();
  const makeOne = (
    <Space>
      <FilesButton
        icon={<FileUp size={15} aria-hidden />}
        loading={imported.isPending}
        accept=".json,application/json"
        testId="workflow-file"
        onFiles={([file]) => file && imported.mutate(file)}
      >
        {t('import')}
      </FilesButton>
      <Button type="primary" icon={<Plus size={15} aria-hidden />} loading={creating} onClick={create}>
        {t('create')}
      </Button>
    </Space>
  );
  const list = workflows.data;
  const first = list?.[0];
  return (
    <>
      <div className={styles.head}>
        <h1>{t('title')}</h1>
        {list?.length !== 0 && makeOne}
      </div>
      {error && <ErrorNotice error={error} title={t('createFailed')} />}
      {imported.error && <ErrorNotice error={imported.error} title={t('importFailed')} />}
      {workflows.error && !list && (
        <ErrorNotice error={workflows.error} title={t('failed')} onRetry={() => void workflows.refetch()} />
      )}
      {workflows.isPending && <WorkflowGridSkeleton />}
      {first && recent.data?.length === 0 && <Welcome workflow={first} />}
      {list?.length === 0 && (
        <EmptyState picture={<FlowPicture />} title={t('empty.title')} action={makeOne}>
          {t('empty.text')}
        </EmptyState>
      )}
      {first && <WorkflowGrid workflows={list} />}
      <RecentRuns runs={recent} />
    </>
  );
}
