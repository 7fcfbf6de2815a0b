import type { Failure, RunDetail } from '@imaginarium/protocol';
import { Ban, CircleAlert, Unplug } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { RepeatButton } from './RunActions.tsx';
import styles from './RunFailure.module.css';

/** Why a run ended badly, and what to do about it. */
export function RunFailure({ run, failure }: { run: RunDetail; failure: Failure }) {
  const { t } = useTranslation('runs');
  const interrupted = failure.code === 'run-interrupted';
  const cancelled = run.state === 'cancelled';
  const step = run.steps.find(({ node }) => node === failure.node);
  const remedy = failure.remedy ?? (interrupted ? t('failure.interruptedHelp') : undefined);
  const Icon = interrupted ? Unplug : cancelled ? Ban : CircleAlert;
  return (
    <div role="alert" className={`${styles.failure} ${interrupted || cancelled ? styles.mild : ''}`}>
      <Icon size={18} aria-hidden className={styles.icon} />
      <div className={styles.words}>
        <strong>
          {interrupted
            ? t('failure.interrupted')
            : cancelled
              ? t('failure.cancelled')
              : step
                ? t('failure.step', { name: step.name })
                : t('failure.failed')}
        </strong>
        <p>{failure.message}</p>
        {remedy !== undefined && <p className={styles.remedy}>{remedy}</p>}
      </div>
      {interrupted && <RepeatButton run={run} />}
    </div>
  );
}
