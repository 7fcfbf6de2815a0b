import type { Graph } from '@imaginarium/protocol';
import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Upgraded } from '../document/upgrade.ts';
import styles from './Upgrade.module.css';

/** What an upgrade cannot keep: wires to ports that are gone, and run inputs of params that are gone. */
export function LostNotes({
  graph,
  lostEdges,
  lostInputs,
}: { graph: Graph } & Pick<Upgraded, 'lostEdges' | 'lostInputs'>) {
  const { t } = useTranslation('editor');
  if (lostEdges.length + lostInputs.length === 0) return null;
  const nameOf = (id: string) => graph.nodes.find((node) => node.id === id)?.name ?? id;
  return (
    <ul className={styles.lost}>
      {lostEdges.map(({ id, from, to }) => (
        <li key={id}>
          <TriangleAlert size={14} aria-hidden />
          {t('upgrade.lostWire', { from: nameOf(from.node), output: from.port, to: nameOf(to.node), input: to.port })}
        </li>
      ))}
      {lostInputs.map(({ key, title }) => (
        <li key={key}>
          <TriangleAlert size={14} aria-hidden />
          {t('upgrade.lostInput', { name: title ?? key })}
        </li>
      ))}
    </ul>
  );
}
