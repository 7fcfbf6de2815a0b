import { loopsAround } from '@imaginarium/protocol';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { FrameIterations } from '../canvas/FrameIterations.tsx';
import { nodesById } from '../document/node-index.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './LoopBar.module.css';

/** The loops that the selected node is or stands in, the outermost first. */
function loopsOf({ graph, selection, catalogue }: EditorState) {
  const [id, ...others] = selection.nodes;
  const byId = nodesById(graph);
  const node = id === undefined || others.length > 0 ? undefined : byId.get(id);
  if (!node) return [];
  const own = catalogue.describe(node.type, node.version)?.body ? [node.id] : [];
  return [...own, ...loopsAround(node.id, byId)].toReversed().flatMap((loop) => byId.get(loop) ?? []);
}

/** Which iteration of its loops the selected node shows, where it has any. */
export function LoopBar() {
  const { t } = useTranslation('editor');
  const loops = useEditor(useShallow(loopsOf));
  const ran = useEditor((state) => state.run !== null);
  const open = useEditor((state) => loopsOf(state).some(({ id }) => !state.run?.picked[id]));
  if (loops.length === 0 || !ran) return null;
  return (
    <div className={styles.bar}>
      {loops.map((loop) => (
        <span key={loop.id} className={styles.loop}>
          <span>{loop.name}</span>
          <FrameIterations node={loop} />
        </span>
      ))}
      {open && <small>{t('loop.pickOne')}</small>}
    </div>
  );
}
