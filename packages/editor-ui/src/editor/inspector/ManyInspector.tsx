import Button from 'antd/es/button';
import { Copy, Group, Power, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/react/shallow';
import { useCommands } from '../keys/use-commands.ts';
import { useEditor } from '../store/use-editor.ts';
import styles from './Inspector.module.css';
import { LoopSelect } from './LoopSelect.tsx';

/** Several nodes at once: what can be done to all of them. */
export function ManyInspector({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation('editor');
  const commands = useCommands();
  const nodes = useEditor(useShallow(({ graph }) => graph.nodes.filter((node) => ids.includes(node.id))));
  return (
    <>
      <h2 className={styles.plainHead}>{t('inspector.many', { count: ids.length })}</h2>
      <div className={styles.actions}>
        <Button icon={<Copy size={14} aria-hidden />} onClick={commands.duplicate}>
          {t('command.duplicate')}
        </Button>
        <Button icon={<Group size={14} aria-hidden />} onClick={commands.frame}>
          {t('note.frame')}
        </Button>
        <Button icon={<Power size={14} aria-hidden />} onClick={commands.disable}>
          {t('command.disable')}
        </Button>
        <Button icon={<Trash2 size={14} aria-hidden />} onClick={commands.delete}>
          {t('command.delete')}
        </Button>
      </div>
      <LoopSelect nodes={nodes} />
    </>
  );
}
