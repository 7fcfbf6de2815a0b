import { Ban, Check, Circle, Hourglass, SkipForward, X, Zap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StepView } from '../run/step-view.ts';
import styles from './StateMark.module.css';

const RADIUS = 6;
const AROUND = 2 * Math.PI * RADIUS;

/** A step's state in the corner of its card: never by colour alone. */
export function StateMark({ step }: { step: StepView }) {
  const { t } = useTranslation();
  const word = t(`state.${step.state}`);
  const label = step.progress === undefined ? word : `${word}, ${Math.round(step.progress * 100)}%`;
  return (
    <span className={`${styles.mark} ${styles[step.state]}`} role="img" aria-label={label} title={step.reason ?? label}>
      <Sign step={step} />
    </span>
  );
}

function Sign({ step }: { step: StepView }) {
  switch (step.state) {
    case 'pending':
      return <Circle size={12} aria-hidden />;
    case 'running':
      return <Arc progress={step.progress} />;
    case 'waiting':
      return <Hourglass size={13} aria-hidden />;
    case 'succeeded':
      return <Check size={14} strokeWidth={2.75} aria-hidden />;
    case 'cached':
      return <Zap size={13} aria-hidden />;
    case 'skipped':
      return <SkipForward size={13} aria-hidden />;
    case 'failed':
      return <X size={14} strokeWidth={2.75} aria-hidden />;
    case 'cancelled':
      return <Ban size={13} aria-hidden />;
  }
}

/** A ring that fills with progress; a turning quarter while nobody knows how far it is. */
function Arc({ progress }: { progress: number | undefined }) {
  const share = progress ?? 0.25;
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden
      className={progress === undefined ? styles.turning : ''}
    >
      <circle cx="8" cy="8" r={RADIUS} fill="none" stroke="var(--hairline)" strokeWidth="2.5" />
      <circle
        className={styles.arc}
        cx="8"
        cy="8"
        r={RADIUS}
        fill="none"
        stroke="currentColor"
        strokeWidth="2.5"
        strokeLinecap="round"
        strokeDasharray={`${share * AROUND} ${AROUND}`}
        transform="rotate(-90 8 8)"
      />
    </svg>
  );
}
