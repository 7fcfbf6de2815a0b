import { useTranslation } from 'react-i18next';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { WorkflowUpgradeNote } from '../upgrade/UpgradeNote.tsx';
import { FailureSetting } from './FailureSetting.tsx';
import styles from './Inspector.module.css';
import { ProblemList } from './ProblemList.tsx';

const problemsOf = (state: EditorState) => state.problems;
const inputsOf = (state: EditorState) => state.graph.inputs;
const nodeCountOf = (state: EditorState) => state.graph.nodes.length;

/** The workflow itself, while nothing is selected: what keeps it from running, and what a run asks for. */
export function WorkflowInspector() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const problems = useEditor(problemsOf);
  const inputs = useEditor(inputsOf);
  const nodeCount = useEditor(nodeCountOf);
  const nodeName = (id: string) => store.getState().graph.nodes.find((node) => node.id === id)?.name ?? id;
  return (
    <>
      <h2 className={styles.plainHead}>{t('inspector.workflow')}</h2>
      <p className={styles.summary}>{nodeCount === 0 ? t('inspector.empty') : t('inspector.nothing')}</p>
      <WorkflowUpgradeNote />
      {problems.length > 0 && nodeCount > 0 && (
        <>
          <h3>{t('problems.before')}</h3>
          <ProblemList problems={problems} links />
        </>
      )}
      {inputs.length > 0 && (
        <>
          <h3>{t('inspector.asks')}</h3>
          <ul className={styles.inputs}>
            {inputs.map((input) => (
              <li key={input.key}>
                <button
                  type="button"
                  onClick={() => {
                    const [target] = input.to;
                    if (target) store.getState().select({ nodes: [target.node], edges: [] });
                  }}
                >
                  <strong>{input.title ?? input.key}</strong>
                  <span>{input.to.map((target) => nodeName(target.node)).join(', ')}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {nodeCount > 0 && <FailureSetting />}
    </>
  );
}
