import type { Step } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '../components/format.ts';
import styles from './StepBar.module.css';

/** Moments in milliseconds; the end is after the start. */
export interface TimeSpan {
  start: number;
  end: number;
}

interface StepBarProps {
  step: Step;
  span: TimeSpan;
  /** 0 to 1 while it works. */
  progress: number | undefined;
}

/** When a step worked within its run, and for how long: the two cells of its row that tell it. */
export function StepBar({ step, span, progress }: StepBarProps) {
  const { t } = useTranslation('runs');
  if (step.startedAt === null) {
    return (
      <>
        <span />
        <span />
      </>
    );
  }
  const start = Date.parse(step.startedAt);
  const end = step.finishedAt === null ? span.end : Date.parse(step.finishedAt);
  const whole = span.end - span.start;
  const left = clamp((start - span.start) / whole);
  const width = clamp((end - start) / whole);
  const took = formatDuration(Math.max(0, end - start));
  const label = t('steps.timeline', {
    name: step.name,
    start: formatDuration(Math.max(0, start - span.start)),
    duration: took,
  });
  return (
    <>
      <span className={styles.track} role="img" aria-label={label}>
        <span
          className={`${styles.bar} ${styles[step.state] ?? ''}`}
          style={{ left: `min(${left * 100}%, 100% - 4px)`, width: `max(4px, ${width * 100}%)` }}
        >
          {step.state === 'running' && progress !== undefined && (
            <span className={styles.done} style={{ width: `${progress * 100}%` }} />
          )}
        </span>
      </span>
      <span className={styles.took}>{took}</span>
    </>
  );
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
