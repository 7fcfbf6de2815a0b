import { useTranslation } from 'react-i18next';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './Inspector.module.css';
import { ManyInspector } from './ManyInspector.tsx';
import { NodeInspector } from './NodeInspector.tsx';
import { WireInspector } from './WireInspector.tsx';
import { WorkflowInspector } from './WorkflowInspector.tsx';

const selectionOf = (state: EditorState) => state.selection;

/** What is selected, in full: one node with its params, a wire, several things at once, or the workflow itself. */
export function Inspector() {
  const { t } = useTranslation('editor');
  const { nodes, edges } = useEditor(selectionOf);
  const [node] = nodes;
  const [edge] = edges;
  return (
    <aside className={styles.inspector} aria-label={t('inspector.label')} data-region="inspector">
      {nodes.length === 1 && node !== undefined ? (
        <NodeInspector key={node} id={node} />
      ) : nodes.length > 1 ? (
        <ManyInspector ids={nodes} />
      ) : edge !== undefined ? (
        <WireInspector id={edge} />
      ) : (
        <WorkflowInspector />
      )}
    </aside>
  );
}
