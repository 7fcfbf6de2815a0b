import type { WaitAbout } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatExactTime } from '../../components/format.ts';
import type { StepView } from '../run/step-view.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './NodeCard.module.css';

/** For whom or what a node waits, and the way there. */
export function CardWait({ waiting }: { waiting: NonNullable<StepView['waiting']> }) {
  const { t } = useTranslation('waits');
  const runId = useEditor((state) => state.run?.run.id);
  return (
    <div className={styles.waiting}>
      <p>{useWords(waiting)}</p>
      {runId !== undefined && (
        <Link to={`/runs/${runId}`} className="nodrag">
          {t(waiting.about.kind === 'approval' ? 'card.answer' : 'card.look')}
        </Link>
      )}
    </div>
  );
}

function useWords({ about, dueAt }: { about: WaitAbout; dueAt: string | null }): string {
  const { t } = useTranslation('waits');
  const time = dueAt === null ? '' : formatExactTime(Date.parse(dueAt));
  switch (about.kind) {
    case 'approval':
      return t('card.approval', { who: t(`who.${about.role}`) });
    case 'callback':
      return t('card.callback');
    case 'run':
      return t('card.run', { name: about.workflowName });
    case 'time':
      return t('card.time', { time });
    case 'retry':
      return t('card.retry', { time });
  }
}
