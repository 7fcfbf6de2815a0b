import { iterationOf, splitIteration } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Popover from 'antd/es/popover';
import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIterations } from '../api/iterations.ts';
import { IterationList } from './IterationList.tsx';
import styles from './IterationSwitch.module.css';
import { iterationName } from './iteration-name.ts';

export interface IterationSwitchProps {
  runId: string;
  /** The loop: its id, and the name that people know it by. */
  loop: string;
  name: string;
  /** The iteration of the loop around it that is looked at. */
  within?: string | undefined;
  /** The run goes on. */
  active: boolean;
  /** What the switch says while no iteration is picked; how many there are when it is left out. */
  summary?: string | undefined;
  /** How many iterations failed; asked for when it is left out. */
  failed?: number | undefined;
  picked: string | null;
  onPick(iteration: string | null): void;
}

/** Steps through the iterations of a loop, and opens their list. */
export function IterationSwitch({ summary, failed: known, ...props }: IterationSwitchProps) {
  const { runId, loop, name, within, active, picked, onPick } = props;
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const place = picked === null ? null : splitIteration(picked);
  const outer = place?.outer ?? within;
  const { data } = useIterations({
    runId,
    loop,
    within: outer,
    active,
    enabled: picked !== null || summary === undefined,
  });
  const failed = known ?? data?.states.failed ?? 0;
  const total = Object.values(data?.states ?? {}).reduce((sum, count) => sum + count, 0);
  const go = (index: number) => onPick(iterationOf(outer ?? '', loop, index));
  const number = picked === null ? '' : iterationName(picked, within);
  const label =
    picked === null
      ? (summary ?? t('iterations.all', { count: total }))
      : t(total > 0 ? 'iterations.oneOf' : 'iterations.one', { number, count: total });
  return (
    <span className={`${styles.switch} nodrag nopan`}>
      <Button
        type="text"
        size="small"
        aria-label={t('iterations.previous')}
        disabled={!place || place.index === 0}
        icon={<ChevronLeft size={14} aria-hidden />}
        onClick={() => place && go(place.index - 1)}
      />
      <Popover
        open={open}
        onOpenChange={setOpen}
        trigger="click"
        placement="bottomRight"
        destroyOnHidden
        content={<IterationList {...props} startWith={failed > 0 && picked === null ? 'failed' : 'all'} />}
      >
        <button type="button" className={styles.label} aria-haspopup="dialog" aria-expanded={open}>
          <span className={styles.hidden}>{t('iterations.label', { name })}: </span>
          {label}
          {failed > 0 && picked === null && <em> {t('iterations.failed', { count: failed })}</em>}
          <ChevronDown size={13} aria-hidden />
        </button>
      </Popover>
      <Button
        type="text"
        size="small"
        aria-label={t('iterations.next')}
        disabled={place ? total > 0 && place.index + 1 >= total : summary === undefined && total === 0}
        icon={<ChevronRight size={14} aria-hidden />}
        onClick={() => go(place ? place.index + 1 : 0)}
      />
    </span>
  );
}
