import type { WorkspaceQueue } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../components/format.ts';
import { useNow } from '../components/use-now.ts';
import styles from './QueueScreen.module.css';

const COUNTED = ['queued', 'running', 'waiting', 'delayed'] as const;

/** How much there is of what, over all workspaces. */
export function QueueFigures({ workspaces }: { workspaces: readonly WorkspaceQueue[] }) {
  const { t } = useTranslation('queue');
  const now = useNow(1000);
  const oldest = workspaces.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [Date.parse(oldestAt)]));
  return (
    <dl className={styles.figures}>
      {COUNTED.map((name) => (
        <div key={name}>
          <dt>{t(`figure.${name}`)}</dt>
          <dd>{workspaces.reduce((sum, load) => sum + load[name], 0).toLocaleString('en')}</dd>
        </div>
      ))}
      <div>
        <dt>{t('figure.oldest')}</dt>
        <dd>{oldest.length === 0 ? '–' : formatDuration(Math.max(0, now - Math.min(...oldest)))}</dd>
      </div>
    </dl>
  );
}
