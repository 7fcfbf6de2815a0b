import Tooltip from 'antd/es/tooltip';
import { MessageCircleQuestion } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { askWhenRun, inputOf, stopAsking } from '../document/inputs.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './AskToggle.module.css';

interface AskToggleProps {
  node: string;
  param: string;
  title: string;
}

/** Makes a run ask for a param, or stops it; what the param holds now is then the value it proposes. */
export function AskToggle({ node, param, title }: AskToggleProps) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const input = useEditor((state) => inputOf(state.graph, node, param));
  const toggle = () =>
    store
      .getState()
      .change((graph) => (input ? stopAsking(graph, node, param) : askWhenRun(graph, node, param, title)));
  return (
    <Tooltip title={input ? t('ask.on', { key: input.key }) : t('ask.off')} mouseEnterDelay={0.3}>
      <button
        type="button"
        className={styles.ask}
        aria-pressed={input !== undefined}
        aria-label={t('ask.label', { title })}
        onClick={toggle}
      >
        <MessageCircleQuestion size={14} aria-hidden />
        {input && <span>{t('ask.asked')}</span>}
      </button>
    </Tooltip>
  );
}
