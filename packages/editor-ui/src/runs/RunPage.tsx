import type { RunDetail } from '@imaginarium/protocol';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLiveRun } from '../api/live-run.ts';
import { useTitle } from '../app/use-title.ts';
import { RunWaits } from '../waits/RunWaits.tsx';
import { FilesOf } from './FilesOf.tsx';
import { RunFailure } from './RunFailure.tsx';
import { RunHeader } from './RunHeader.tsx';
import { RunLog } from './RunLog.tsx';
import { RunNotBegun } from './RunNotBegun.tsx';
import { RunReceipt } from './RunReceipt.tsx';
import styles from './RunScreen.module.css';
import { resultsOf } from './results.ts';
import { StepList } from './StepList.tsx';

/** A run: what it made, what each step did, what it wrote down. Lives while the run does. */
export function RunPage({ detail }: { detail: RunDetail }) {
  const { t } = useTranslation('runs');
  const { run, progress, retrying, logs, eventsError } = useLiveRun(detail);
  useTitle(run.workflowName);
  const results = useMemo(() => resultsOf(run), [run]);
  return (
    <>
      <RunHeader run={run} />
      <RunNotBegun run={run} />
      {run.error && <RunFailure run={run} failure={run.error} />}
      <RunWaits run={run} />
      {results.length > 0 && (
        <section className={styles.section} aria-labelledby="results">
          <h2 id="results">{t(run.state === 'succeeded' ? 'pictures.title' : 'pictures.soFar')}</h2>
          <FilesOf files={results} size="large" />
        </section>
      )}
      <section className={styles.section} aria-labelledby="steps">
        <h2 id="steps">{t('steps.title')}</h2>
        <StepList run={run} progress={progress} retrying={retrying} />
      </section>
      <RunReceipt run={run} />
      <RunLog run={run} logs={logs} error={eventsError} />
    </>
  );
}
