import type { Run } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Picture } from '../components/Picture.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import styles from './RecentRun.module.css';

/** One run in the strip: its picture, or its state where it made none. */
export function RecentRun({ run }: { run: Run }) {
  const { t } = useTranslation('home');
  return (
    <li className={styles.run}>
      <Link to={`/runs/${run.id}`} className={styles.link}>
        <span className={styles.cover}>
          <Picture file={run.cover} alt={t('recent.cover', { name: run.workflowName })} />
          {run.state !== 'succeeded' && (
            <span className={styles.state}>
              <StateBadge state={run.state} />
            </span>
          )}
        </span>
        <span className={styles.name}>{run.workflowName}</span>
        <span className={styles.when}>
          <RelativeTime at={run.createdAt} />
        </span>
      </Link>
    </li>
  );
}
