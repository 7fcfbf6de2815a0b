import type { Run } from '@imaginarium/protocol';
import Checkbox from 'antd/es/checkbox';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { RelativeTime } from '../components/RelativeTime.tsx';
import styles from './FailureTable.module.css';

interface FailureTableProps {
  runs: readonly Run[];
  marked: ReadonlySet<string>;
  onMark: (marked: ReadonlySet<string>) => void;
}

/** Failed runs with why they failed, each with a box to mark it. */
export function FailureTable({ runs, marked, onMark }: FailureTableProps) {
  const { t } = useTranslation('runs');
  const all = runs.every((run) => marked.has(run.id));
  const mark = (id: string) =>
    onMark(new Set(marked.has(id) ? [...marked].filter((other) => other !== id) : [...marked, id]));
  return (
    <div className={styles.frame}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col" className={styles.box}>
              <Checkbox
                aria-label={t('failures.markAll')}
                checked={all}
                indeterminate={!all && marked.size > 0}
                onChange={() => onMark(all ? new Set() : new Set(runs.map((run) => run.id)))}
              />
            </th>
            <th scope="col">{t('column.workflow')}</th>
            <th scope="col">{t('failures.why')}</th>
            <th scope="col">{t('column.started')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td className={styles.box}>
                <Checkbox
                  aria-label={t('failures.mark', { name: run.workflowName })}
                  checked={marked.has(run.id)}
                  onChange={() => mark(run.id)}
                />
              </td>
              <td>
                <Link to={`/runs/${run.id}`} className={styles.name}>
                  {run.workflowName}
                </Link>
                <span className={styles.quiet}>
                  {run.version === null ? t('draft') : t('version', { version: run.version })}
                </span>
              </td>
              <td className={styles.why}>
                <span className={styles.message}>{run.error?.message}</span>
                <code className={styles.quiet}>{run.error?.code}</code>
              </td>
              <td className={styles.quiet}>
                <RelativeTime at={run.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
