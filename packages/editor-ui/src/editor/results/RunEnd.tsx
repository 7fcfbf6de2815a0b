import Button from 'antd/es/button';
import { CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EditorState } from '../store/editor-store.ts';
import { useServices } from '../store/services.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './RunEnd.module.css';

const runOf = (state: EditorState) => state.run?.run;

/** Why a run did not succeed: in which node, and what to do; nothing for a run that did or still works. */
export function RunEnd() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { runs } = useServices();
  const run = useEditor(runOf);
  if (!run?.error || run.state === 'succeeded') return null;
  const { message, remedy, node, code } = run.error;
  return (
    <div role="alert" className={styles.end}>
      <CircleX size={15} aria-hidden />
      <p>
        <strong>{message}</strong> {remedy}
      </p>
      {node !== undefined && (
        <Button size="small" onClick={() => store.getState().select({ nodes: [node], edges: [] })}>
          {t('results.showNode')}
        </Button>
      )}
      {code === 'run-interrupted' && (
        <Button size="small" type="primary" onClick={() => void runs.start()}>
          {t('results.runAgain')}
        </Button>
      )}
    </div>
  );
}
