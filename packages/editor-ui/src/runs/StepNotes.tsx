import { type Step, timeLeft } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import type { StepProgress } from '../api/run-view.ts';
import { upscaleNoteOf } from './results.ts';
import styles from './StepNotes.module.css';

interface StepNotesProps {
  step: Step;
  progress: StepProgress | undefined;
  retrying: { attempt: number; message: string } | undefined;
}

/** Failed items that are shown; the log has them all. */
const ITEMS_SHOWN = 10;

/** What a step has to say for itself: why it was skipped or reused, what went wrong, what it does now. */
export function StepNotes({ step, progress, retrying }: StepNotesProps) {
  const { t } = useTranslation('runs');
  const running = step.state === 'running';
  const facts = [
    running && progress && t('steps.progress', { percent: Math.round(progress.progress * 100) }),
    running && progress?.items && t('steps.itemsDone', progress.items),
    running && progress?.leftMs !== undefined && t('steps.timeLeft', { time: timeLeft(progress.leftMs) }),
    running && progress?.message,
    step.attempts > 1 && t('steps.attempts', { count: step.attempts }),
    step.itemsFailed > 0 && t('steps.itemsFailed', { count: step.itemsFailed }),
    step.reason,
  ].filter((fact) => typeof fact === 'string');
  // Fields travel on: only the step that enlarged speaks of it.
  const note = step.type.startsWith('upscaler.') ? upscaleNoteOf(step.outputs) : undefined;
  const failed = step.failedItems ?? [];
  if (facts.length === 0 && !step.error && !retrying && note === undefined) return null;
  return (
    <div className={styles.notes}>
      {facts.length > 0 && <p className={styles.facts}>{facts.join(' · ')}</p>}
      {note !== undefined && <p className={styles.warning}>{note}</p>}
      {failed.length > 0 && (
        <ul className={styles.failed}>
          {failed.slice(0, ITEMS_SHOWN).map(({ index, name, message }) => (
            <li key={index}>{t('steps.failedItem', { count: index + 1, name: name ? ` (${name})` : '', message })}</li>
          ))}
          {failed.length > ITEMS_SHOWN && <li>{t('steps.moreFailed', { count: failed.length - ITEMS_SHOWN })}</li>}
        </ul>
      )}
      {retrying && <p className={styles.warning}>{t('steps.retrying', retrying)}</p>}
      {step.error && (
        <div className={styles.error}>
          <p>{step.error.message}</p>
          {step.error.remedy !== undefined && <p className={styles.remedy}>{step.error.remedy}</p>}
        </div>
      )}
    </div>
  );
}
