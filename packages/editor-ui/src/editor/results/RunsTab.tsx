import type { Run } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useRuns } from '../../api/runs.ts';
import { CreditAmount } from '../../components/CreditAmount.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { formatDuration } from '../../components/format.ts';
import { Picture } from '../../components/Picture.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { StateBadge } from '../../components/StateBadge.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor } from '../store/use-editor.ts';
import drawer from './Drawer.module.css';
import styles from './RunsTab.module.css';

const workflowIdOf = (state: EditorState) => state.workflowId;
const shownOf = (state: EditorState) => state.run?.run.id;

/** The runs of this workflow, the newest first; picking one shows its states and results on the canvas. */
export function RunsTab() {
  const { t } = useTranslation('editor');
  const { runs: control } = useServices();
  const workflowId = useEditor(workflowIdOf);
  const shown = useEditor(shownOf);
  const runs = useRuns({ workflowId });
  const list = runs.data?.pages.flatMap((page) => page.runs) ?? [];
  if (runs.error) return <ErrorNotice error={runs.error} onRetry={() => void runs.refetch()} />;
  if (runs.data && list.length === 0) return <p className={drawer.empty}>{t('runs.none')}</p>;
  return (
    <div className={drawer.scroll}>
      <ul className={styles.runs}>
        {list.map((run) => (
          <li key={run.id} className={styles.run} data-shown={run.id === shown}>
            <button type="button" aria-current={run.id === shown} onClick={() => void control.show(run.id)}>
              <span className={styles.cover}>
                <Picture file={run.cover} alt="" size={160} />
              </span>
              <StateBadge state={run.state} />
              <RelativeTime at={run.createdAt} />
              <span>{durationOf(run)}</span>
              <CreditAmount credits={run.creditsSpent} />
              <span>{run.version === null ? t('version.draft') : `v${run.version}`}</span>
            </button>
            <Link to={`/runs/${run.id}`}>{t('runs.details')}</Link>
          </li>
        ))}
      </ul>
      {runs.hasNextPage && (
        <Button size="small" loading={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          {t('runs.more')}
        </Button>
      )}
    </div>
  );
}

function durationOf(run: Run): string {
  if (!run.startedAt || !run.finishedAt) return '';
  return formatDuration(Date.parse(run.finishedAt) - Date.parse(run.startedAt));
}
