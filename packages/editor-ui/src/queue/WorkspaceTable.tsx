import type { WorkspaceQueue } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { RelativeTime } from '../components/RelativeTime.tsx';
import { PauseButton } from './PauseButton.tsx';
import styles from './QueueScreen.module.css';

/** Whose runs wait, and a switch for each workspace. */
export function WorkspaceTable({ workspaces }: { workspaces: readonly WorkspaceQueue[] }) {
  const { t } = useTranslation('queue');
  if (workspaces.length === 0) return <p className={styles.empty}>{t('workspaces.empty')}</p>;
  return (
    <div className={styles.card}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('workspaces.name')}</th>
            <th scope="col">{t('figure.queued')}</th>
            <th scope="col">{t('figure.running')}</th>
            <th scope="col">{t('figure.waiting')}</th>
            <th scope="col">{t('figure.delayed')}</th>
            <th scope="col">{t('figure.oldest')}</th>
            <th scope="col">
              <span className={styles.hidden}>{t('workspaces.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workspaces.map(({ id, name, queued, running, waiting, delayed, oldestAt, paused }) => (
            <tr key={id}>
              <th scope="row">
                {name} {paused && <span className={styles.tag}>{t('workspaces.isPaused')}</span>}
              </th>
              <td>{queued.toLocaleString('en')}</td>
              <td>{running}</td>
              <td>{waiting}</td>
              <td>{delayed}</td>
              <td>{oldestAt === null ? '–' : <RelativeTime at={oldestAt} />}</td>
              <td className={styles.last}>
                <PauseButton paused={paused !== null} workspace={{ id, name }} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
