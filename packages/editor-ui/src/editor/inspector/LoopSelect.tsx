import type { GraphNode } from '@imaginarium/protocol';
import Select from 'antd/es/select';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { loopsFor } from '../document/loops.ts';
import { moveInto } from '../document/place-in.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './Inspector.module.css';

/** In which loop nodes stand, where the workflow has any; nothing is chosen where they stand in several. */
export function LoopSelect({ nodes }: { nodes: readonly GraphNode[] }) {
  const { t } = useTranslation('editor');
  const id = useId();
  const store = useEditorStore();
  const loops = useEditor(
    useShallow(({ graph, catalogue }) =>
      loopsFor(
        graph,
        nodes.map(({ id: own }) => own),
        catalogue,
      ),
    ),
  );
  const parents = [...new Set(nodes.map(({ parent }) => parent ?? ''))];
  if (loops.length === 0 && parents.join('') === '') return null;
  return (
    <div className={styles.policy}>
      <label htmlFor={id}>{t('loop.standsIn')}</label>
      <Select
        id={id}
        value={parents.length === 1 ? parents[0] : undefined}
        options={[{ value: '', label: t('loop.none') }, ...loops.map((loop) => ({ value: loop.id, label: loop.name }))]}
        onChange={(loop) => {
          const { change, catalogue } = store.getState();
          const ids = nodes.map(({ id: own }) => own);
          change((graph) => moveInto(graph, ids, loop || null, catalogue));
        }}
      />
    </div>
  );
}
