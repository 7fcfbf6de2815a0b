import { isTerminal } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import Space from 'antd/es/space';
import Tooltip from 'antd/es/tooltip';
import { Play, Square } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { runBlock } from '../run/run-block.ts';
import { progressOf } from '../run/run-progress.ts';
import { useRunAsked } from '../run/use-run-asked.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { RunMenu } from './RunMenu.tsx';
import styles from './TopBar.module.css';

const problemOf = (state: EditorState) => runBlock(state.problems, state.graph.inputs);
const pendingOf = (state: EditorState) => state.runPending;
const isActiveOf = (state: EditorState) => state.run !== null && !isTerminal(state.run.run.state);
const neverRanOf = (state: EditorState) => state.run === null;

/** Run, or why not; Cancel with progress while a run goes on. */
export function RunButton() {
  const active = useEditor(isActiveOf);
  return active ? <CancelButton /> : <StartButton />;
}

function StartButton() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const run = useRunAsked();
  const problem = useEditor(problemOf);
  const pending = useEditor(pendingOf);
  const neverRan = useEditor(neverRanOf);
  const button = (
    <Button
      type="primary"
      className={`${styles.run} ${neverRan && !problem ? styles.inviting : ''}`}
      disabled={problem !== undefined}
      loading={pending === 'start'}
      icon={<Play size={14} fill="currentColor" aria-hidden />}
      onClick={run}
    >
      {t('run.run')}
    </Button>
  );
  if (problem)
    return (
      <>
        <button
          type="button"
          className={styles.blocked}
          title={`${problem.message} ${problem.remedy}`}
          onClick={() => {
            const { select, inspectorOpen, toggleInspector } = store.getState();
            select({ nodes: problem.node === undefined ? [] : [problem.node], edges: [] });
            if (!inspectorOpen) toggleInspector();
          }}
        >
          {problem.message}
        </button>
        <Space.Compact>
          <Tooltip title={`${problem.message} ${problem.remedy}`}>
            <span>{button}</span>
          </Tooltip>
          <RunMenu />
        </Space.Compact>
      </>
    );
  return (
    <Space.Compact>
      {button}
      <RunMenu />
    </Space.Compact>
  );
}

function CancelButton() {
  const { t } = useTranslation('editor');
  const { runs } = useServices();
  const pending = useEditor(pendingOf);
  const percent = useEditor((state) => (state.run ? Math.round(progressOf(state.run) * 100) : 0));
  return (
    <Button
      className={styles.run}
      loading={pending === 'cancel'}
      icon={<Square size={12} fill="currentColor" aria-hidden />}
      onClick={() => void runs.cancel()}
    >
      {t('run.cancel', { percent })}
      <i role="progressbar" aria-label={t('run.progress')} aria-valuenow={percent} style={{ width: `${percent}%` }} />
    </Button>
  );
}
