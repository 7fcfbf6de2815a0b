import type { WorkflowSummary } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { FlowPicture } from '../components/FlowPicture.tsx';
import { Picture } from '../components/Picture.tsx';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './WorkflowCard.module.css';
import { WorkflowMenu } from './WorkflowMenu.tsx';

interface WorkflowCardProps {
  workflow: WorkflowSummary;
  onDelete: () => void;
}

/** A workflow by the last picture it made. The whole card opens it. */
export function WorkflowCard({ workflow, onDelete }: WorkflowCardProps) {
  const { t } = useTranslation('home');
  const { id, name, cover, nodeCount, latestVersion, updatedAt } = workflow;
  return (
    <li className={styles.card}>
      <div className={styles.cover}>{cover ? <Picture file={cover} alt="" /> : <FlowPicture width={170} />}</div>
      <div className={styles.foot}>
        <div className={styles.words}>
          <Link to={`/workflows/${id}`} className={styles.name} title={name}>
            {name}
          </Link>
          <p className={styles.facts}>
            <span>{t('steps', { count: nodeCount })}</span>
            {latestVersion !== null && <span>{t('version', { version: latestVersion })}</span>}
            <RelativeTime at={updatedAt} />
          </p>
        </div>
        <WorkflowMenu workflow={workflow} onDelete={onDelete} />
      </div>
    </li>
  );
}
