import type { GraphNode } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { CircleArrowUp } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { newerVersion } from '../document/upgrade.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Upgrade.module.css';

const catalogueOf = (state: EditorState) => state.catalogue;
const nodesOf = (state: EditorState) => state.graph.nodes;

/** Says that a newer version of a node's type is installed, and leads to what it would change. */
export function NodeUpgradeNote({ node }: { node: GraphNode }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const catalogue = useEditor(catalogueOf);
  const version = newerVersion(node, catalogue);
  if (version === undefined) return null;
  return (
    <Note text={t('upgrade.one', { version })} onOpen={() => store.getState().openUpgrade([node.id])}>
      {t('upgrade.toVersion', { version })}
    </Note>
  );
}

/** Says how many nodes of the workflow have newer versions. */
export function WorkflowUpgradeNote() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const catalogue = useEditor(catalogueOf);
  const nodes = useEditor(nodesOf);
  const ids = useMemo(
    () => nodes.filter((node) => newerVersion(node, catalogue) !== undefined).map(({ id }) => id),
    [nodes, catalogue],
  );
  if (ids.length === 0) return null;
  return (
    <Note text={t('upgrade.many', { count: ids.length })} onOpen={() => store.getState().openUpgrade(ids)}>
      {t('upgrade.all', { count: ids.length })}
    </Note>
  );
}

function Note({ text, children, onOpen }: { text: string; children: string; onOpen(): void }) {
  return (
    <div className={styles.note}>
      <p>{text}</p>
      <Button size="small" icon={<CircleArrowUp size={14} aria-hidden />} onClick={onOpen}>
        {children}
      </Button>
    </div>
  );
}
