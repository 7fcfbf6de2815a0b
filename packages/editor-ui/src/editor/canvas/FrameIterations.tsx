import { type GraphNode, isTerminal } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { IterationSwitch } from '../../iterations/IterationSwitch.tsx';
import { countIterations } from '../run/iterations.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor } from '../store/use-editor.ts';

const activeOf = ({ run }: EditorState) => run !== null && !isTerminal(run.run.state);
const runIdOf = ({ run }: EditorState) => run?.run.id;

/** Which iteration of a loop its nodes show, once a run has any; nothing before. */
export function FrameIterations({ node }: { node: GraphNode }) {
  const { t } = useTranslation();
  const { runs } = useServices();
  const runId = useEditor(runIdOf);
  const active = useEditor(activeOf);
  const picked = useEditor((state) => state.run?.picked[node.id]?.iteration ?? null);
  const within = useEditor((state) => (node.parent ? state.run?.picked[node.parent]?.iteration : undefined));
  const { done, count, failed = 0 } = useEditor(useShallow((state) => mostOf(state, node))) ?? {};
  if (runId === undefined || done === undefined) return null;
  const summary =
    active && count !== undefined ? t('iterations.progress', { done, count }) : t('iterations.all', { count: done });
  // Within one iteration of the loop around, the counts of all of them do not hold.
  const told = within === undefined ? { summary, failed } : {};
  return (
    <IterationSwitch
      {...{ runId, within, active, picked, ...told }}
      loop={node.id}
      name={node.name}
      onPick={(iteration) => void runs.look(node.id, iteration)}
    />
  );
}

/** The iterations of a loop, as the node in it tells that has most of them behind it. */
function mostOf({ run, graph }: EditorState, loop: GraphNode) {
  if (!run) return undefined;
  const step = loop.parent ? undefined : run.steps[loop.id];
  const counts = graph.nodes.flatMap((node) => {
    const count = node.parent === loop.id ? countIterations(run.steps[node.id], step) : undefined;
    return count ? [count] : [];
  });
  const [first] = counts.toSorted((a, b) => b.done - a.done);
  if (!first) return undefined;
  const failed = Math.max(...counts.map((entry) => entry.failed));
  const told = step?.iterations;
  return told && step.state === 'running' ? { ...told, failed } : { ...first, failed };
}
