import { isTerminal, type RunDetail } from '@imaginarium/protocol';
import type { RunView } from '../api/run-view.ts';
import { useNow } from '../components/use-now.ts';
import { isLoop, LoopSteps } from './LoopSteps.tsx';
import styles from './StepList.module.css';
import { StepRow } from './StepRow.tsx';

interface StepListProps {
  run: RunDetail;
  progress: RunView['progress'];
  retrying: RunView['retrying'];
}

/** The steps in the order of the graph, each with its bar in one shared timeline. */
export function StepList({ run, progress, retrying }: StepListProps) {
  const now = useNow(isTerminal(run.state) ? 0 : 500);
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const end = run.finishedAt === null ? now : Date.parse(run.finishedAt);
  const span = { start, end: Math.max(end, start + 1) };
  return (
    <ol className={styles.list}>
      {run.steps.map((step) => (
        <StepRow
          key={step.node}
          step={step}
          inside={isLoop(run, step) && <LoopSteps run={run} step={step} />}
          span={span}
          progress={progress.get(step.node)}
          retrying={retrying.get(step.node)}
        />
      ))}
    </ol>
  );
}
