import Modal from 'antd/es/modal';
import { useTranslation } from 'react-i18next';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './KeysSheet.module.css';
import { COMMANDS, SHORTCUTS } from './shortcuts.ts';

const openOf = (state: EditorState) => state.keysOpen;
const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES: Record<string, string> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Shift: isMac ? '⇧' : 'Shift',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
};

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

/** A combination of keys, as the machine at hand writes them. */
function Keys({ keys }: { keys: string }) {
  return keys.split('+').map((key) => <kbd key={key}>{NAMES[key] ?? key}</kbd>);
}
