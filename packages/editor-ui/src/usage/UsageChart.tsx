import { useTranslation } from 'react-i18next';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatDay } from '../components/format.ts';
import type { UsageChartData } from './chart-data.ts';
import styles from './UsageScreen.module.css';

interface UsageChartProps {
  data: UsageChartData;
  /** What a node type is called; null is all the others. */
  nameOf: (type: string | null) => string;
}

/** Credits of each day, stacked by node type. Loaded when it is first shown: the library is large. */
export function UsageChart({ data: { types, days }, nameOf }: UsageChartProps) {
  const { t } = useTranslation('usage');
  return (
    <div role="img" aria-label={t('chart.label')} className={styles.plot}>
      <ResponsiveContainer width="100%" height={240}>
        <BarChart data={days} accessibilityLayer={false} margin={{ top: 8, right: 4, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--hairline)" />
          <XAxis
            dataKey="day"
            tickFormatter={shortDay}
            tick={{ fill: 'var(--text-secondary)', fontSize: 12 }}
            axisLine={{ stroke: 'var(--hairline)' }}
            tickLine={false}
            minTickGap={24}
          />
          <YAxis
            allowDecimals={false}
            tickFormatter={(credits: number) => credits.toLocaleString('en')}
            tick={{ fill: 'var(--text-secondary)', fontSize: 12 }}
            axisLine={false}
            tickLine={false}
            width={56}
          />
          <Tooltip
            cursor={{ fill: 'var(--hover)' }}
            isAnimationActive={false}
            labelFormatter={(day) => formatDay(String(day))}
            formatter={(credits) => Number(credits).toLocaleString('en')}
            contentStyle={{
              ...{ background: 'var(--raised)', border: '1px solid var(--hairline)', borderRadius: 8 },
              ...{ boxShadow: 'var(--shadow)', color: 'var(--text)' },
            }}
          />
          {types.map((type, index) => (
            <Bar
              key={type ?? ''}
              stackId="credits"
              name={nameOf(type)}
              dataKey={(day: UsageChartData['days'][number]) => day.credits[index] ?? 0}
              fill={`var(--usage-${type === null ? 'other' : index + 1})`}
              maxBarSize={36}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

function shortDay(day: string): string {
  return formatDay(day).replace(/, \d+$/, '');
}
