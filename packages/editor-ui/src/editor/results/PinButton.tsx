import type { PortItems } from '@imaginarium/protocol';
import Button from 'antd/es/button';
import { Pin, PinOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { setPinned } from '../document/nodes.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './ItemsTab.module.css';

interface PinButtonProps {
  node: string;
  /** What the node gave in the run that is shown, and what would be pinned. */
  outputs: PortItems | undefined;
}

/** Pins what a node gave to it, all ports together, or takes them away again. */
export function PinButton({ node, outputs }: PinButtonProps) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const placed = useEditor((state) => state.graph.nodes.find((entry) => entry.id === node));
  // What stands in a loop has other items in each iteration.
  if (!placed || !outputs || placed.parent) return null;
  const isPinned = placed.pinned !== undefined;
  return (
    <Button
      className={styles.pin}
      icon={isPinned ? <PinOff size={14} aria-hidden /> : <Pin size={14} aria-hidden />}
      title={t('items.pinHelp')}
      onClick={() => store.getState().change((graph) => setPinned(graph, node, isPinned ? undefined : outputs))}
    >
      {t(isPinned ? 'items.unpin' : 'items.pin')}
    </Button>
  );
}
