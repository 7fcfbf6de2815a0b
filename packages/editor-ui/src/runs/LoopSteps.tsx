import { compareSteps, isTerminal, type RunDetail, readingOrder, type Step } from '@imaginarium/protocol';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIterationSteps } from '../api/iterations.ts';
import { StateBadge } from '../components/StateBadge.tsx';
import { IterationSwitch } from '../iterations/IterationSwitch.tsx';
import styles from './LoopSteps.module.css';
import { StepRow } from './StepRow.tsx';

interface LoopStepsProps {
  run: RunDetail;
  /** The step of the loop. */
  step: Step;
}

/** Whether others stand in the node of a step. */
export function isLoop({ graph }: Pick<RunDetail, 'graph'>, step: Step): boolean {
  return graph.nodes.some((node) => node.parent === step.node);
}

/** What stands in a loop: how each node fared over all iterations, or the steps of the one that is picked. */
export function LoopSteps({ run, step }: LoopStepsProps) {
  const { t } = useTranslation('runs');
  const [picked, setPicked] = useState<string | null>(null);
  const active = !isTerminal(run.state);
  const within = step.iteration === '' ? undefined : step.iteration;
  return (
    <section className={styles.loop} aria-label={t('loop.inside', { name: step.name })}>
      <IterationSwitch
        {...{ runId: run.id, loop: step.node, name: step.name, within, active, picked }}
        onPick={setPicked}
      />
      {picked === null ? <Together run={run} loop={step.node} /> : <OneIteration run={run} iteration={picked} />}
    </section>
  );
}

/** The nodes of a loop over all iterations. */
function Together({ run, loop }: { run: RunDetail; loop: string }) {
  const { t } = useTranslation('runs');
  const counts = new Map(run.inside?.map(({ node, states }) => [node, states]));
  const nodes = readingOrder(run.graph).flatMap((id) => {
    const node = run.graph.nodes.find((entry) => entry.id === id);
    return node?.parent === loop ? [node] : [];
  });
  return (
    <ul className={styles.nodes}>
      {nodes.map(({ id, name }) => (
        <li key={id}>
          <span>{name}</span>
          {Object.entries(counts.get(id) ?? {}).map(([state, count]) => (
            <span key={state} className={styles.count}>
              {count} <StateBadge state={state as Step['state']} />
            </span>
          ))}
          {!counts.has(id) && <span className={styles.count}>{t('loop.notYet')}</span>}
        </li>
      ))}
    </ul>
  );
}

function OneIteration({ run, iteration }: { run: RunDetail; iteration: string }) {
  const { t } = useTranslation('runs');
  const { data, isPlaceholderData } = useIterationSteps(run.id, iteration);
  const steps = useMemo(() => (data?.steps ?? []).toSorted(compareSteps(readingOrder(run.graph))), [data, run.graph]);
  const times = steps.flatMap(({ startedAt, finishedAt }) =>
    [startedAt, finishedAt].flatMap((at) => (at ? [Date.parse(at)] : [])),
  );
  const start = Math.min(...times);
  const span = { start, end: Math.max(start + 1, ...times) };
  if (data && steps.length === 0) return <p className={styles.count}>{t('loop.notYet')}</p>;
  return (
    <ol className={styles.steps} data-stale={isPlaceholderData}>
      {steps.map((step) => (
        <StepRow
          key={`${step.node} ${iteration}`}
          {...{ step, span }}
          inside={isLoop(run, step) && <LoopSteps run={run} step={step} />}
          progress={undefined}
          retrying={undefined}
        />
      ))}
    </ol>
  );
}
