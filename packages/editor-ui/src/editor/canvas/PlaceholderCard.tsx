import type { GraphNode } from '@imaginarium/protocol';
import { PackageOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import { portsFromWires, unknownPort } from './card-ports.ts';
import styles from './NodeCard.module.css';
import { PortHandle } from './PortHandle.tsx';

const missingTypeOf = ({ problemsByNode }: EditorState, id: string) =>
  problemsByNode.get(id)?.find(({ code }) => code === 'unknown-node-type');

/** A node whose type is not installed: kept as it is, with the ports its wires tell of. */
export function PlaceholderCard({ node, selected }: { node: GraphNode; selected: boolean }) {
  const { t } = useTranslation('editor');
  const inputs = useEditor(useShallow((state) => portsFromWires(state.graph, node.id).inputs));
  const remedy = useEditor((state) => missingTypeOf(state, node.id)?.remedy);
  const outputs = useEditor(useShallow((state) => portsFromWires(state.graph, node.id).outputs));
  return (
    <div className={`${styles.card} ${styles.placeholder} ${selected ? styles.selected : ''}`}>
      {inputs.map((name, index) => (
        <PortHandle key={name} node={node.id} side="input" port={unknownPort(name)} index={index} />
      ))}
      <header className={styles.head}>
        <span className={styles.icon}>
          <PackageOpen size={16} aria-hidden />
        </span>
        <span className={styles.name}>{node.name}</span>
      </header>
      <p className={styles.missing}>{t('card.missing', { type: node.type, version: node.version })}</p>
      {remedy !== undefined && <p className={styles.missing}>{remedy}</p>}
      {outputs.map((name, index) => (
        <PortHandle key={name} node={node.id} side="output" port={unknownPort(name)} index={index} />
      ))}
    </div>
  );
}
