import { type GraphNode, TRIGGER_PARAM } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { NodeIcon } from '../../components/NodeIcon.tsx';
import { renameNode } from '../document/nodes.ts';
import { stepShown } from '../run/iterations.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { NodeUpgradeNote } from '../upgrade/UpgradeNote.tsx';
import { Docs } from './Docs.tsx';
import { EditableTitle } from './EditableTitle.tsx';
import styles from './Inspector.module.css';
import { LoopSelect } from './LoopSelect.tsx';
import { ParamForm } from './ParamForm.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { ProblemList } from './ProblemList.tsx';
import { TestHook } from './TestHook.tsx';

/** One node: its name, what is wrong with it, its params, its policy and its help. */
export function NodeInspector({ id }: { id: string }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const node = useEditor((state) => state.graph.nodes.find((entry) => entry.id === id));
  const description = useEditor((state) => node && state.catalogue.describe(node.type, node.version));
  const problems = useEditor((state) => state.problemsByNode.get(id));
  const failure = useEditor((state) => node && stepShown(state.run, node)?.error);
  const reason = useEditor((state) => node && stepShown(state.run, node)?.reason);
  if (!node) return null;
  return (
    <>
      <header className={styles.head}>
        <span
          className={styles.icon}
          style={{ color: description ? `var(--group-${description.group})` : 'var(--text-secondary)' }}
        >
          <NodeIcon name={description?.icon ?? ''} size={18} />
        </span>
        <EditableTitle
          value={node.name}
          label={t('inspector.name')}
          onChange={(name) => store.getState().change((graph) => renameNode(graph, id, name))}
        />
      </header>
      <p className={styles.summary}>
        {description?.summary ?? t('card.missing', { type: node.type, version: node.version })}
      </p>
      {failure && (
        <div role="alert" className={styles.failure}>
          <strong>{failure.message}</strong>
          {failure.remedy && <span>{failure.remedy}</span>}
        </div>
      )}
      {reason && <p className={styles.reason}>{t('inspector.reason', { reason })}</p>}
      <NodeUpgradeNote node={node} />
      {problems && <ProblemList problems={problems} />}
      {description && (
        <div className={styles.fields}>
          <ParamForm node={node} description={description} />
        </div>
      )}
      {description?.trigger === 'webhook' && <TestHook key={hookSettings(node)} node={node} />}
      <LoopSelect nodes={[node]} />
      {description && <PolicyForm node={node} description={description} />}
      {description?.docs && (
        <details className={styles.section}>
          <summary>{t('inspector.docs')}</summary>
          <Docs markdown={description.docs} />
        </details>
      )}
      <p className={styles.type}>
        {node.type} · {t('inspector.version', { version: node.version })}
      </p>
    </>
  );
}

/** What a test address is opened with: once it changes, another is needed. The example is none of it. */
function hookSettings({ id, params: { [TRIGGER_PARAM]: _example, ...settings } }: GraphNode): string {
  return JSON.stringify([id, settings]);
}
