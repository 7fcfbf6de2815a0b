import type { LoopIteration, StepState } from '@imaginarium/protocol';
import Segmented from 'antd/es/segmented';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ITERATIONS_SHOWN, useIterations } from '../api/iterations.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { formatDuration } from '../components/format.ts';
import { StateBadge } from '../components/StateBadge.tsx';
import styles from './IterationList.module.css';
import { IterationPager } from './IterationPager.tsx';
import { iterationName } from './iteration-name.ts';

interface IterationListProps {
  runId: string;
  loop: string;
  name: string;
  within?: string | undefined;
  active: boolean;
  picked: string | null;
  /** Which iterations are listed at first. */
  startWith: 'all' | 'failed';
  onPick(iteration: string | null): void;
}

/** States that people look for; the others are only counted among all. */
const LOOKED_FOR: readonly StepState[] = ['failed', 'running', 'waiting'];

/** The iterations of a loop with how they stand: by arrows, or by their state or number. */
export function IterationList({ startWith, picked, onPick, ...asked }: IterationListProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<'all' | StepState>(startWith);
  const [skip, setSkip] = useState(0);
  const filter = state === 'all' ? undefined : state;
  const { data, error, refetch } = useIterations({ ...asked, state: filter, skip });
  const states = data?.states ?? {};
  const all = Object.values(states).reduce((sum, count) => sum + count, 0);
  const filters = LOOKED_FOR.filter((entry) => states[entry] || entry === state);
  if (error) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  return (
    <div role="dialog" aria-label={t('iterations.label', { name: asked.name })} className={styles.panel}>
      {filters.length > 0 && (
        <Segmented
          block
          size="small"
          aria-label={t('iterations.filter')}
          value={state}
          options={[
            { value: 'all' as const, label: `${t('iterations.everyState')} ${all}` },
            ...filters.map((entry) => ({ value: entry, label: `${t(`state.${entry}`)} ${states[entry] ?? 0}` })),
          ]}
          onChange={(next) => {
            setState(next);
            setSkip(0);
          }}
        />
      )}
      <Options
        label={t('iterations.label', { name: asked.name })}
        iterations={data?.iterations ?? []}
        within={asked.within}
        withAll={state === 'all' && skip === 0}
        picked={picked}
        onPick={onPick}
      />
      {data && data.iterations.length === 0 && (
        <p className={styles.nothing}>{t(filter ? 'iterations.noneFit' : 'iterations.none')}</p>
      )}
      {data && data.total > ITERATIONS_SHOWN && (
        <IterationPager total={data.total} skip={skip} counted={filter === undefined} onSkip={setSkip} />
      )}
    </div>
  );
}

interface OptionsProps {
  label: string;
  iterations: readonly LoopIteration[];
  within: string | undefined;
  /** Offers to look at all of them together, first. */
  withAll: boolean;
  picked: string | null;
  onPick(iteration: string | null): void;
}

function Options({ label, iterations, within, withAll, picked, onPick }: OptionsProps) {
  const { t } = useTranslation();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const entries: (LoopIteration | null)[] = [...(withAll ? [null] : []), ...iterations];
  const pickedAt = entries.findIndex((entry) => (entry?.iteration ?? null) === picked);
  const [at, setAt] = useState<number>();
  const current = Math.min(at ?? Math.max(pickedAt, 0), Math.max(entries.length - 1, 0));
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = nextPlace(event.key, current, entries.length);
    if (next === undefined && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) return onPick(entries[current]?.iteration ?? null);
    setAt(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <div
      ref={box}
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={entries.length > 0 ? `${id}-${current}` : undefined}
      className={styles.list}
      onKeyDown={onKeyDown}
    >
      {entries.map((entry, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list that has the focus takes the keys.
        <div
          key={entry?.iteration ?? 'all'}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === pickedAt}
          className={styles.option}
          data-current={index === current}
          onClick={() => {
            setAt(index);
            onPick(entry?.iteration ?? null);
          }}
        >
          {entry ? <Entry entry={entry} name={iterationName(entry.iteration, within)} /> : t('iterations.together')}
        </div>
      ))}
    </div>
  );
}

function Entry({ entry, name }: { entry: LoopIteration; name: string }) {
  const took =
    entry.startedAt && entry.finishedAt ? Date.parse(entry.finishedAt) - Date.parse(entry.startedAt) : undefined;
  return (
    <>
      <b>{name}</b>
      <StateBadge state={entry.state} />
      <span className={styles.took}>{took === undefined ? '' : formatDuration(took)}</span>
      {entry.error && <small title={entry.error.message}>{entry.error.message}</small>}
    </>
  );
}

const PAGE = 10;

function nextPlace(key: string, at: number, count: number): number | undefined {
  const moves: Record<string, number> = {
    ...{ ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 },
    ...{ PageDown: at + PAGE, PageUp: at - PAGE },
  };
  const next = moves[key];
  return next === undefined ? undefined : Math.max(0, Math.min(count - 1, next));
}
