import Button from 'antd/es/button';
import Tooltip from 'antd/es/tooltip';
import { ArrowLeft, Command, PanelLeft, PanelRight, Redo2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ThemeSwitch } from '../../app/ThemeSwitch.tsx';
import { EditableTitle } from '../inspector/EditableTitle.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import { QuoteNote } from './QuoteNote.tsx';
import { RunButton } from './RunButton.tsx';
import { SaveNote } from './SaveNote.tsx';
import styles from './TopBar.module.css';
import { useRename } from './use-rename.ts';
import { VersionMenu } from './VersionMenu.tsx';

const nameOf = (state: EditorState) => state.name;
const canUndo = (state: EditorState) => state.history.past.length > 0;
const canRedo = (state: EditorState) => state.history.future.length > 0;
const paletteOpenOf = (state: EditorState) => state.paletteOpen;
const inspectorOpenOf = (state: EditorState) => state.inspectorOpen;

/** The bar above the canvas: where we are, that it is saved, what a run costs, and Run. */
export function TopBar() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const rename = useRename();
  const name = useEditor(nameOf);
  const undoable = useEditor(canUndo);
  const redoable = useEditor(canRedo);
  const paletteOpen = useEditor(paletteOpenOf);
  const inspectorOpen = useEditor(inspectorOpenOf);
  return (
    <header className={styles.bar} data-region="topbar">
      <Link to="/" className={styles.back} aria-label={t('topbar.back')} title={t('topbar.back')}>
        <ArrowLeft size={17} aria-hidden />
      </Link>
      <h1 className={styles.name}>
        <EditableTitle value={name} label={t('topbar.name')} onChange={rename} />
      </h1>
      <SaveNote />
      <span className={styles.space} />
      <IconButton
        label={t(paletteOpen ? 'topbar.hidePalette' : 'topbar.showPalette')}
        pressed={paletteOpen}
        onClick={() => store.getState().togglePalette()}
        icon={<PanelLeft size={16} aria-hidden />}
      />
      <IconButton
        label={t(inspectorOpen ? 'topbar.hideInspector' : 'topbar.showInspector')}
        pressed={inspectorOpen}
        onClick={() => store.getState().toggleInspector()}
        icon={<PanelRight size={16} aria-hidden />}
      />
      <i className={styles.rule} />
      <IconButton
        label={t('command.undo')}
        disabled={!undoable}
        onClick={() => store.getState().undo()}
        icon={<Undo2 size={16} aria-hidden />}
      />
      <IconButton
        label={t('command.redo')}
        disabled={!redoable}
        onClick={() => store.getState().redo()}
        icon={<Redo2 size={16} aria-hidden />}
      />
      <IconButton
        label={t('command.commands')}
        onClick={() => store.getState().setCommandsOpen(true)}
        icon={<Command size={16} aria-hidden />}
      />
      <ThemeSwitch />
      <VersionMenu />
      <i className={styles.rule} />
      <QuoteNote />
      <RunButton />
    </header>
  );
}

interface IconButtonProps {
  label: string;
  icon: ReactNode;
  onClick: () => void;
  disabled?: boolean;
  pressed?: boolean;
}

function IconButton({ label, icon, onClick, disabled = false, pressed }: IconButtonProps) {
  return (
    <Tooltip title={label}>
      <Button type="text" aria-label={label} aria-pressed={pressed} disabled={disabled} icon={icon} onClick={onClick} />
    </Tooltip>
  );
}
