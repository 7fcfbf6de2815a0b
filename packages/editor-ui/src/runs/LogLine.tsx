import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogEvent } from '../api/run-view.ts';
import { formatClock, formatExactTime } from '../components/format.ts';
import styles from './LogLine.module.css';

/** One line of a run's log; `name` is the step that wrote it. */
export const LogLine = memo(function LogLine({ line, name }: { line: LogEvent; name: string }) {
  const { t } = useTranslation('runs');
  const moment = Date.parse(line.at);
  return (
    <li className={`${styles.line} ${styles[line.level]}`}>
      <time dateTime={line.at} title={formatExactTime(moment)}>
        {formatClock(moment)}
      </time>
      <span className={styles.level}>{t(`log.word.${line.level}`)}</span>
      <span className={styles.name} title={name}>
        {name}
      </span>
      <span className={styles.message}>
        {line.message}
        {line.data !== undefined && <code className={styles.data}>{JSON.stringify(line.data)}</code>}
      </span>
    </li>
  );
});
