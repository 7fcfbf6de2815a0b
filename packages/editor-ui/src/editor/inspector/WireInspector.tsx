import Button from 'antd/es/button';
import { Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Inspector.module.css';

/** A wire: from where to where, and how to remove it. */
export function WireInspector({ id }: { id: string }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const edge = useEditor((state) => state.graph.edges.find((entry) => entry.id === id));
  const nameOf = (node: string) => store.getState().graph.nodes.find((entry) => entry.id === node)?.name ?? node;
  if (!edge) return null;
  return (
    <>
      <h2 className={styles.plainHead}>{t('inspector.wire')}</h2>
      <p className={styles.summary}>
        {t('inspector.wireText', {
          from: nameOf(edge.from.node),
          output: edge.from.port,
          to: nameOf(edge.to.node),
          input: edge.to.port,
        })}
      </p>
      <div className={styles.actions}>
        <Button icon={<Trash2 size={14} aria-hidden />} onClick={() => store.getState().deleteSelection()}>
          {t('inspector.removeWire')}
        </Button>
      </div>
    </>
  );
}
