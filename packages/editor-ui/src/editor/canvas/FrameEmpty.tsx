import { useReactFlow } from '@xyflow/react';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import styles from './LoopFrame.module.css';
import { useQuickAdd } from './use-quick-add.ts';

/** What to do with a loop that nothing stands in yet. */
export function FrameEmpty({ id }: { id: string }) {
  const { t } = useTranslation('editor');
  const { getInternalNode, flowToScreenPosition } = useReactFlow();
  const openQuickAdd = useQuickAdd();
  const open = () => {
    const node = getInternalNode(id);
    if (!node) return;
    const { x, y } = node.internals.positionAbsolute;
    openQuickAdd(flowToScreenPosition({ x: x + 120, y: y + 120 }));
  };
  return (
    <div className={styles.empty}>
      <p>{t('loop.empty')}</p>
      <button type="button" onClick={open}>
        <Plus size={14} aria-hidden /> {t('loop.addInside')}
      </button>
    </div>
  );
}
