import type { Run } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { RunRow } from './RunRow.tsx';
import styles from './RunTable.module.css';

const COLUMNS = ['cover', 'workflow', 'state', 'started', 'duration', 'trigger', 'credits'] as const;

export function RunTable({ runs }: { runs: readonly Run[] }) {
  const { t } = useTranslation('runs');
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <caption className={styles.hidden}>{t('title')}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className={styles[column]}>
                {column === 'cover' ? (
                  <span className={styles.hidden}>{t('column.cover')}</span>
                ) : (
                  t(`column.${column}`)
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function RunTableSkeleton() {
  const { t } = useTranslation('runs');
  return (
    <div role="status" aria-label={t('loading')} className={styles.frame}>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((place) => (
        <div key={place} className={styles.skeleton}>
          <span />
          <span />
        </div>
      ))}
    </div>
  );
}
