import Skeleton from 'antd/es/skeleton';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsageFilter } from '../api/query-keys.ts';
import { useUsage } from '../api/usage.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { formatDay } from '../components/format.ts';
import { chartDataOf, type UsageChartData } from './chart-data.ts';
import styles from './UsageScreen.module.css';

const UsageChart = lazy(async () => ({ default: (await import('./UsageChart.tsx')).UsageChart }));

interface UsageByDayProps {
  filter: UsageFilter;
  titleOf: (type: string) => string;
}

/** Credits of each day by node type: as a chart, and as the table that says the same. */
export function UsageByDay({ filter, titleOf }: UsageByDayProps) {
  const { t } = useTranslation('usage');
  const usage = useUsage(filter, 'day-type');
  const data = useMemo(() => usage.data && chartDataOf(usage.data), [usage.data]);
  if (usage.error && !data)
    return <ErrorNotice error={usage.error} title={t('failed')} onRetry={() => void usage.refetch()} />;
  const waiting = <Skeleton active title={false} paragraph={{ rows: 6 }} className={styles.waiting} />;
  if (!data) return waiting;
  if (data.types.length === 0) return null;
  const nameOf = (type: string | null) => (type === null ? t('chart.others') : titleOf(type));
  return (
    <figure className={styles.figure}>
      <Suspense fallback={waiting}>
        <UsageChart data={data} nameOf={nameOf} />
      </Suspense>
      <ul className={styles.legend}>
        {data.types.map((type, index) => (
          <li key={type ?? ''}>
            <i aria-hidden style={{ background: `var(--usage-${type === null ? 'other' : index + 1})` }} />
            {nameOf(type)}
          </li>
        ))}
      </ul>
      <details>
        <summary>{t('chart.asTable')}</summary>
        <DayTable data={data} nameOf={nameOf} />
      </details>
    </figure>
  );
}

function DayTable({ data, nameOf }: { data: UsageChartData; nameOf: (type: string | null) => string }) {
  const { t } = useTranslation('usage');
  const used = data.days.filter(({ credits }) => credits.some((count) => count > 0));
  return (
    <div className={styles.card}>
      <table className={styles.table}>
        <caption className={styles.hidden}>{t('chart.label')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('column.day')}</th>
            {data.types.map((type) => (
              <th key={type ?? ''} scope="col" className={styles.number}>
                {nameOf(type)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {used.map(({ day, credits }) => (
            <tr key={day}>
              <th scope="row">{formatDay(day)}</th>
              {data.types.map((type, index) => (
                <td key={type ?? ''} className={styles.number}>
                  {credits[index]?.toLocaleString('en')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
