import type { Graph, GraphNode, NodeCatalogue } from '@imaginarium/protocol';
import { useQuery } from '@tanstack/react-query';
import Modal from 'antd/es/modal';
import Skeleton from 'antd/es/skeleton';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api/client.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { applyUpgrades, type NodeUpgrade } from '../document/upgrade.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { LostNotes } from './LostNotes.tsx';
import { ParamChanges } from './ParamChanges.tsx';
import styles from './Upgrade.module.css';

const upgradingOf = (state: EditorState) => state.upgrading;

/** Shows what upgrading nodes changes, before it does: undo takes all of it back. */
export function UpgradeDialog() {
  const ids = useEditor(upgradingOf);
  return ids && <Upgrade ids={ids} />;
}

const catalogueOf = (state: EditorState) => state.catalogue;
const graphOf = (state: EditorState) => state.graph;

function Upgrade({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const catalogue = useEditor(catalogueOf);
  const graph = useEditor(graphOf);
  const nodes = useMemo(() => graph.nodes.filter(({ id }) => ids.includes(id)), [graph, ids]);
  const asked = nodes.map(({ id, type, version, params }) => ({ id, type, version, params }));
  const answer = useQuery({
    queryKey: ['upgrade', asked],
    gcTime: 0,
    queryFn: ({ signal }) => client.call('upgradeNodes', { body: { nodes: asked } }, { signal }),
  });
  const { upgrades = [], refused = [] } = answer.data ?? {};
  const close = () => store.getState().openUpgrade(null);
  const apply = () => {
    close();
    store.getState().change((now) => applyUpgrades(now, upgrades, catalogue).graph);
  };
  return (
    <Modal
      open
      title={t('upgrade.title', { count: nodes.length })}
      okText={t('upgrade.apply')}
      cancelText={t('upgrade.cancel')}
      okButtonProps={{ disabled: upgrades.length === 0 }}
      onOk={apply}
      onCancel={close}
    >
      {answer.isPending && <Skeleton active title={false} paragraph={{ rows: 4 }} />}
      {answer.error && <ErrorNotice error={answer.error} onRetry={() => void answer.refetch()} />}
      {refused.length > 0 && (
        <ul className={styles.refused} role="alert">
          {refused.map(({ id, message }) => (
            <li key={id}>
              <strong>{graph.nodes.find((node) => node.id === id)?.name}</strong>: {message}
            </li>
          ))}
        </ul>
      )}
      {upgrades.length > 0 && <Preview graph={graph} nodes={nodes} upgrades={upgrades} catalogue={catalogue} />}
    </Modal>
  );
}

interface PreviewProps {
  graph: Graph;
  nodes: readonly GraphNode[];
  upgrades: readonly NodeUpgrade[];
  catalogue: NodeCatalogue;
}

function Preview({ graph, nodes, upgrades, catalogue }: PreviewProps) {
  const { t } = useTranslation('editor');
  const lost = useMemo(() => applyUpgrades(graph, upgrades, catalogue), [graph, upgrades, catalogue]);
  return (
    <div className={styles.preview}>
      {nodes.map((node) => {
        const upgrade = upgrades.find(({ id }) => id === node.id);
        if (!upgrade) return null;
        return (
          <section key={node.id}>
            <h3>
              {node.name} <span>{t('upgrade.step', { from: node.version, to: upgrade.version })}</span>
            </h3>
            <ParamChanges node={node} upgrade={upgrade} catalogue={catalogue} />
          </section>
        );
      })}
      <LostNotes graph={graph} lostEdges={lost.lostEdges} lostInputs={lost.lostInputs} />
      <p className={styles.undo}>{t('upgrade.undo')}</p>
    </div>
  );
}
