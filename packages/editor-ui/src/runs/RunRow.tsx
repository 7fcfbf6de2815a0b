import type { Run } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Picture } from '../components/Picture.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { RunDuration } from './RunDuration.tsx';
import styles from './RunTable.module.css';

/** A run in the list. Its name links to it and covers the row, so that a press anywhere opens it. */
export function RunRow({ run }: { run: Run }) {
  const { t } = useTranslation('runs');
  return (
    <tr>
      <td className={styles.cover}>
        <span className={styles.picture}>
          <Picture file={run.cover} alt="" size={160} />
        </span>
      </td>
      <td className={styles.workflow}>
        <Link to={`/runs/${run.id}`} className={styles.name}>
          {run.workflowName}
        </Link>
        <span className={styles.version}>
          {run.version === null ? t('draft') : t('version', { version: run.version })}
        </span>
      </td>
      <td>
        <StateBadge state={run.state} />
      </td>
      <td className={styles.quiet}>
        <RelativeTime at={run.state === 'queued' ? (run.notBefore ?? run.createdAt) : run.createdAt} />
      </td>
      <td className={styles.quiet}>
        <RunDuration run={run} />
      </td>
      <td className={`${styles.quiet} ${styles.trigger}`}>{t(`trigger.${run.trigger}`)}</td>
      <td className={styles.credits}>{run.creditsSpent}</td>
    </tr>
  );
}
