import type { Wait } from '@imaginarium/protocol';
import { Hourglass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { CopyButton } from '../components/CopyButton.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import { FilesOf } from '../runs/FilesOf.tsx';
import { ApprovalForm } from './ApprovalForm.tsx';
import styles from './WaitCard.module.css';

interface WaitCardProps {
  wait: Wait;
  /** Says which run it is, where that is not plain from the page. */
  withRun?: boolean;
}

/** One thing that a run waits for, with what can be done about it. */
export function WaitCard({ wait, withRun = false }: WaitCardProps) {
  const { t } = useTranslation('waits');
  return (
    <article className={styles.card} aria-label={wait.name}>
      <header className={styles.head}>
        <Hourglass size={15} aria-hidden className={styles.icon} />
        <strong>{wait.name}</strong>
        {withRun && <Link to={`/runs/${wait.runId}`}>{wait.workflowName}</Link>}
        <span className={styles.since}>
          {t('since')} <RelativeTime at={wait.since} />
        </span>
      </header>
      <WaitBody wait={wait} />
      {wait.dueAt !== null && (
        <p className={styles.quiet}>
          {t(wait.about.kind === 'time' || wait.about.kind === 'retry' ? 'goesOn' : 'givesUp')}{' '}
          <RelativeTime at={wait.dueAt} />
        </p>
      )}
    </article>
  );
}

function WaitBody({ wait }: { wait: Wait }) {
  const { t } = useTranslation('waits');
  const { about, path } = wait;
  switch (about.kind) {
    case 'approval':
      return (
        <>
          <p className={styles.question}>{about.message}</p>
          {about.pictures.length > 0 && <FilesOf files={about.pictures} size="large" />}
          {about.items > about.pictures.length && <p className={styles.quiet}>{t('items', { count: about.items })}</p>}
          <ApprovalForm wait={wait} />
        </>
      );
    case 'callback':
      return path === null ? (
        <p>{t('callback.hidden')}</p>
      ) : (
        <>
          <p>{t('callback.text')}</p>
          <p className={styles.address}>
            <code>{window.location.origin + path}</code>
            <CopyButton text={window.location.origin + path} label={t('callback.copy')} />
          </p>
        </>
      );
    case 'run':
      return (
        <p>
          {t('run')}{' '}
          <Link to={`/runs/${about.runId}`}>
            {about.workflowName} v{about.version}
          </Link>
        </p>
      );
    case 'retry':
      return (
        <>
          <p>{t('retry', { attempt: about.attempt })}</p>
          <p className={styles.quiet}>{about.message}</p>
        </>
      );
    case 'time':
      return null;
  }
}
