import type { Usage, UsageRow } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { formatDay, formatDuration } from '../components/format.ts';
import styles from './UsageScreen.module.css';
import type { UsageView } from './use-usage-filter.ts';

interface UsageTableProps {
  usage: Usage;
  titleOf: (type: string) => string;
  /** The address that looks at one row alone. */
  hrefOf: (part: Partial<UsageView>) => string;
}

/** Usage line by line, with its sum. */
export function UsageTable({ usage: { by, rows, total }, titleOf, hrefOf }: UsageTableProps) {
  const { t } = useTranslation('usage');
  const column = by === 'day-type' ? 'day' : by;
  return (
    <div className={styles.card}>
      <table className={styles.table}>
        <caption className={styles.hidden}>{t('title')}</caption>
        <thead>
          <tr>
            <th scope="col">{t(`column.${column}`)}</th>
            {(['credits', 'refunded', 'steps', 'items', 'time'] as const).map((name) => (
              <th key={name} scope="col" className={styles.number}>
                {t(`column.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.day ?? row.workflow?.id ?? row.nodeType ?? row.person?.id ?? ''}>
              <th scope="row">
                <What row={row} by={by} titleOf={titleOf} hrefOf={hrefOf} />
              </th>
              <Sums of={row} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('total')}</th>
            <Sums of={total} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Sums({ of: { credits, refunded, steps, items, durationMs } }: { of: Usage['total'] }) {
  return (
    <>
      {[credits, refunded, steps, items].map((count, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns are always the same
        <td key={index} className={styles.number}>
          {count.toLocaleString('en')}
        </td>
      ))}
      <td className={styles.number}>{formatDuration(durationMs)}</td>
    </>
  );
}

function What({ row, by, titleOf, hrefOf }: { row: UsageRow; by: Usage['by'] } & Omit<UsageTableProps, 'usage'>) {
  const { t } = useTranslation('usage');
  const { day, workflow, nodeType, person } = row;
  switch (by) {
    case 'day':
    case 'day-type':
      return day === null ? t('unknown') : formatDay(day);
    case 'workflow':
      return workflow === null ? (
        t('unknown')
      ) : (
        <Link to={hrefOf({ by: 'type', workflowId: workflow.id })}>{workflow.name ?? t('removed')}</Link>
      );
    case 'type':
      return nodeType === null ? (
        t(row.credits === 0 ? 'refunds' : 'unknown')
      ) : (
        <Link to={hrefOf({ by: 'workflow', nodeType })}>{titleOf(nodeType)}</Link>
      );
    case 'person':
      return person === null ? (
        t('unknown')
      ) : (
        <Link to={hrefOf({ by: 'type', person: person.id })}>{person.name ?? t('left')}</Link>
      );
  }
}
