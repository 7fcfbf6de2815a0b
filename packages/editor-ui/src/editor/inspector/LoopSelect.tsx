import type { GraphNode } from '@imaginarium/protocol';
import Select from 'antd/es/select';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { loopsFor } from '../document/loops.ts';
import { moveInto } from '../document/place-in.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Inspector.module.css';

/** In which loop a node stands, where the workflow has any. */
export function LoopSelect({ node }: { node: GraphNode }) {
  const { t } = useTranslation('editor');
  const id = useId();
  const store = useEditorStore();
  const loops = useEditor(useShallow(({ graph, catalogue }) => loopsFor(graph, [node.id], catalogue)));
  if (loops.length === 0 && !node.parent) return null;
  return (
    <div className={styles.policy}>
      <label htmlFor={id}>{t('loop.standsIn')}</label>
      <Select
        id={id}
        value={node.parent ?? ''}
        options={[{ value: '', label: t('loop.none') }, ...loops.map((loop) => ({ value: loop.id, label: loop.name }))]}
        onChange={(loop) => {
          const { change, catalogue } = store.getState();
          change((graph) => moveInto(graph, [node.id], loop === '' ? null : loop, catalogue));
        }}
      />
    </div>
  );
}
