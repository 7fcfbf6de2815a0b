import type { RunState, StepState } from '@imaginarium/protocol';
import {
  Ban,
  Check,
  Circle,
  CircleDashed,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  SkipForward,
  X,
  Zap,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import styles from './StateBadge.module.css';

type State = RunState | StepState;

const looks: Record<State, { icon: LucideIcon; tone: 'quiet' | 'active' | 'good' | 'bad' | 'patient' }> = {
  pending: { icon: CircleDashed, tone: 'quiet' },
  queued: { icon: Circle, tone: 'quiet' },
  running: { icon: LoaderCircle, tone: 'active' },
  waiting: { icon: Hourglass, tone: 'patient' },
  succeeded: { icon: Check, tone: 'good' },
  cached: { icon: Zap, tone: 'good' },
  skipped: { icon: SkipForward, tone: 'quiet' },
  failed: { icon: X, tone: 'bad' },
  cancelled: { icon: Ban, tone: 'quiet' },
};

/** The state of a run or a step by icon, colour and word. `compact` keeps the word for screen readers and hover only. */
export function StateBadge({ state, compact = false }: { state: State; compact?: boolean }) {
  const { t } = useTranslation();
  const { icon: Icon, tone } = looks[state];
  const word = t(`state.${state}`);
  const classes = [styles.badge, styles[tone], compact && styles.compact, state === 'running' && styles.turning];
  return (
    <span className={classes.filter(Boolean).join(' ')} title={compact ? word : undefined}>
      <Icon size={13} strokeWidth={2.5} aria-hidden />
      <span className={compact ? styles.hidden : undefined}>{word}</span>
    </span>
  );
}
