import { useTranslation } from 'react-i18next';
import styles from './EditorScreen.module.css';
import type { EditorState } from './store/editor-store.ts';
import { useEditor } from './store/use-editor.ts';

const packagesOf = (state: EditorState) => state.packages;

/** What is wrong with a package under development, until a save mends it. */
export function PackageNotice() {
  const { t } = useTranslation('editor');
  const broken = useEditor(packagesOf).filter(({ development, error }) => development && error !== undefined);
  return broken.map(({ name, error, state }) => (
    <div key={name} role="alert" className={styles.package}>
      <strong>{t('package.notLoaded', { name })}</strong>
      <code>{error}</code>
      {state === 'loaded' && <span>{t('package.kept')}</span>}
    </div>
  ));
}
