import Modal from 'antd/es/modal';
import { useTranslation } from 'react-i18next';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { Keys } from './Keys.tsx';
import styles from './KeysSheet.module.css';
import { COMMANDS, SHORTCUTS } from './shortcuts.ts';

const openOf = (state: EditorState) => state.keysOpen;
/** Every key of the editor. */
export function KeysSheet() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const open = useEditor(openOf);
  return (
    <Modal
      open={open}
      title={t('keys.title')}
      footer={null}
      width={640}
      onCancel={() => store.getState().setKeysOpen(false)}
    >
      <dl className={styles.sheet}>
        {COMMANDS.map((command) => (
          <div key={command}>
            <dt>{t(`command.${command}`)}</dt>
            <dd>
              <Keys keys={SHORTCUTS[command][0] ?? ''} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('keys.pan')}</dt>
          <dd>
            <kbd>Space</kbd> {t('keys.drag')}
          </dd>
        </div>
      </dl>
    </Modal>
  );
}
