import { isTerminal, LOG_LEVELS, type LogLevel, type RunDetail } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Segmented from 'antd/es/segmented';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LogEvent } from '../api/run-view.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { LogLine } from './LogLine.tsx';
import styles from './RunLog.module.css';

/** The newest lines are shown first; the earlier ones on demand, as a run may write tens of thousands. */
const SHOWN_AT_FIRST = 300;

interface RunLogProps {
  run: RunDetail;
  logs: readonly LogEvent[];
  error: Error | null;
}

/** What the steps wrote down, as they write it. */
export function RunLog({ run, logs, error }: RunLogProps) {
  const { t } = useTranslation('runs');
  const [level, setLevel] = useState<LogLevel>('info');
  const [all, setAll] = useState(false);
  const fitting = logs.filter((line) => LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level));
  const shown = all ? fitting : fitting.slice(-SHOWN_AT_FIRST);
  const names = new Map(run.steps.map((step) => [step.node, step.name]));
  return (
    <section className={styles.section} aria-labelledby="log">
      <div className={styles.head}>
        <h2 id="log">{t('log.title')}</h2>
        <Segmented
          aria-label={t('log.level')}
          size="small"
          options={LOG_LEVELS.map((value) => ({ value, label: t(`log.levels.${value}`) }))}
          value={level}
          onChange={setLevel}
        />
      </div>
      {error && <ErrorNotice error={error} title={t('log.failed')} />}
      {fitting.length > shown.length && (
        <Button size="small" type="text" onClick={() => setAll(true)}>
          {t('log.earlier', { count: fitting.length - shown.length })}
        </Button>
      )}
      {shown.length === 0 && !error && (
        <p className={styles.empty}>{t(isTerminal(run.state) ? 'log.empty' : 'log.emptyLive')}</p>
      )}
      {shown.length > 0 && (
        <ol className={styles.lines}>
          {shown.map((line) => (
            <LogLine key={line.seq} line={line} name={line.node === null ? '' : (names.get(line.node) ?? line.node)} />
          ))}
        </ol>
      )}
    </section>
  );
}
