import type { GraphNode } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { nodesById } from '../document/node-index.ts';
import { countIterations } from '../run/iterations.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './NodeCard.module.css';

/** How many iterations a node in a loop has behind it; nothing while one of them is looked at. */
export function CardIterations({ node }: { node: GraphNode }) {
  const { t } = useTranslation();
  const text = useEditor((state) => {
    const { done, count } = countOf(state, node) ?? {};
    if (done === undefined) return undefined;
    return count === undefined ? t('iterations.all', { count: done }) : t('iterations.progress', { done, count });
  });
  const failed = useEditor((state) => countOf(state, node)?.failed ?? 0);
  if (text === undefined) return null;
  return (
    <span
      className={styles.iterations}
      data-failed={failed > 0}
      title={failed > 0 ? t('iterations.failed', { count: failed }) : undefined}
    >
      {text}
    </span>
  );
}

function countOf({ run, graph }: EditorState, { id, parent }: GraphNode) {
  if (!run || !parent || run.picked[parent]) return undefined;
  const loop = nodesById(graph).get(parent);
  return countIterations(run.steps[id], loop?.parent ? undefined : run.steps[parent]);
}
