import { isTerminal, type RunDetail } from '@imaginarium/protocol';
import { Workflow } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { LinkButton } from '../components/LinkButton.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import header from '../components/ScreenHeader.module.css';
import { StateBadge } from '../components/StateBadge.tsx';
import { RepeatWithInputs } from './RepeatWithInputs.tsx';
import { CancelButton, RepeatButton } from './RunActions.tsx';
import { RunDuration } from './RunDuration.tsx';
import styles from './RunHeader.module.css';

/** What ran, how it stands, what it cost, and what can be done about it. */
export function RunHeader({ run }: { run: RunDetail }) {
  const { t } = useTranslation('runs');
  const { t: common } = useTranslation();
  const over = isTerminal(run.state);
  return (
    <header className={header.header}>
      <div className={header.words}>
        <p className={header.path}>
          <Link to="/runs">{t('title')}</Link>
        </p>
        <div className={header.title}>
          <h1>{run.workflowName}</h1>
          <span className={styles.version}>
            {run.version === null ? t('draft') : t('version', { version: run.version })}
          </span>
          <span role="status">
            <StateBadge state={run.state} />
          </span>
        </div>
        <ul className={header.facts}>
          <li>
            {t(run.startedAt === null ? 'run.queuedSince' : 'run.started')}{' '}
            <RelativeTime at={run.startedAt ?? run.createdAt} /> {t(`startedBy.${run.trigger}`)}
          </li>
          {run.startedAt !== null && (
            <li>
              {t(over ? 'run.took' : 'run.since')} <RunDuration run={run} />
            </li>
          )}
          <li>
            {run.creditsQuoted === 0
              ? common('credits.none')
              : t('run.spent', { spent: run.creditsSpent, quoted: run.creditsQuoted })}
          </li>
          {run.parent && (
            <li>
              <Link to={`/runs/${run.parent.runId}`}>{t('run.parent')}</Link>
            </li>
          )}
          {!over && <li>{t('run.background')}</li>}
        </ul>
      </div>
      <div className={header.actions}>
        <LinkButton to={`/workflows/${run.workflowId}`} type="default" icon={<Workflow size={14} aria-hidden />}>
          {t('run.open')}
        </LinkButton>
        {!over && <CancelButton run={run} />}
        {over && run.graph.inputs.length > 0 && <RepeatWithInputs run={run} />}
        {over && run.state !== 'succeeded' && <RepeatButton run={run} from="failed" />}
        {/* An interrupted run offers it where it says so. */}
        {over && run.error?.code !== 'run-interrupted' && <RepeatButton run={run} />}
      </div>
    </header>
  );
}
