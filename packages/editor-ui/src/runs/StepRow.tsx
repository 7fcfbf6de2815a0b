import type { Step } from '@imaginarium/protocol';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNewestType } from '../api/node-types.ts';
import type { StepProgress } from '../api/run-view.ts';
import { CreditAmount } from '../components/CreditAmount.tsx';
import { NodeIcon } from '../components/NodeIcon.tsx';
import { StateBadge } from '../components/StateBadge.tsx';
import { StepBar, type TimeSpan } from './StepBar.tsx';
import { StepDetails } from './StepDetails.tsx';
import { StepNotes } from './StepNotes.tsx';
import styles from './StepRow.module.css';

interface StepRowProps {
  step: Step;
  /** What stands in it, where it is a loop; shown above what it gave. */
  inside?: ReactNode;
  /** The run's own time, which the bar is drawn in. */
  span: TimeSpan;
  progress: StepProgress | undefined;
  retrying: { attempt: number; message: string } | undefined;
}

/** One step: what it is, how it stands, when it worked. Opens to what it gave, and a loop to its iterations. */
export function StepRow({ step, inside, span, progress, retrying }: StepRowProps) {
  const { t } = useTranslation('runs');
  const [open, setOpen] = useState(false);
  const details = useId();
  const icon = useNewestType(step.type)?.icon ?? 'puzzle';
  return (
    <li>
      <div className={styles.row}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={open}
          aria-controls={details}
          aria-label={t('steps.toggle', { name: step.name })}
          onClick={() => setOpen(!open)}
        >
          <ChevronRight size={15} aria-hidden className={open ? styles.turned : styles.chevron} />
        </button>
        <span className={styles.icon}>
          <NodeIcon name={icon} />
        </span>
        <span className={styles.name} title={step.name}>
          {step.name}
        </span>
        <span className={styles.state}>
          <StateBadge state={step.state} />
        </span>
        <StepBar step={step} span={span} progress={progress?.progress} />
        <span className={styles.credits}>{step.credits > 0 && <CreditAmount credits={step.credits} />}</span>
      </div>
      <StepNotes step={step} progress={progress} retrying={retrying} />
      <div id={details} hidden={!open} className={styles.details}>
        {open && inside}
        {open && <StepDetails step={step} />}
      </div>
    </li>
  );
}
