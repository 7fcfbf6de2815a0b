import './editor-tokens.css';
import type { Workflow } from '@imaginarium/protocol';
import { ReactFlowProvider } from '@xyflow/react';
import Button from 'antd/es/button';
import { X } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ConnectionNotice } from '../app/ConnectionNotice.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { Canvas } from './canvas/Canvas.tsx';
import { WireBubble } from './canvas/WireBubble.tsx';
import styles from './EditorScreen.module.css';
import { Inspector } from './inspector/Inspector.tsx';
import { KeysSheet } from './keys/KeysSheet.tsx';
import { useKeys } from './keys/use-keys.ts';
import { PackageNotice } from './PackageNotice.tsx';
import { Palette } from './palette/Palette.tsx';
import { QuickAdd } from './palette/QuickAdd.tsx';
import { Drawer } from './results/Drawer.tsx';
import { RunForm } from './run/RunForm.tsx';
import { useQuote } from './run/use-quote.ts';
import { ConflictDialog } from './store/ConflictDialog.tsx';
import type { Installed } from './store/document-slice.ts';
import type { EditorState } from './store/editor-store.ts';
import { ServicesContext } from './store/services.ts';
import { EditorContext, useEditor, useEditorStore } from './store/use-editor.ts';
import { useEditorSession } from './store/use-editor-session.ts';
import { TopBar } from './topbar/TopBar.tsx';
import { UpgradeDialog } from './upgrade/UpgradeDialog.tsx';

interface EditorProps {
  workflow: Workflow;
  installed: Installed;
}

/** One open workflow, with its own store and services. */
export function Editor({ workflow, installed }: EditorProps) {
  const { store, services } = useEditorSession(workflow, installed);
  return (
    <EditorContext value={store}>
      <ServicesContext value={services}>
        <ReactFlowProvider>
          <EditorFrame />
        </ReactFlowProvider>
      </ServicesContext>
    </EditorContext>
  );
}

const CommandPalette = lazy(async () => ({
  default: (await import('./command-palette/CommandPalette.tsx')).CommandPalette,
}));

const paletteOpenOf = (state: EditorState) => state.paletteOpen;
const inspectorOpenOf = (state: EditorState) => state.inspectorOpen;

function EditorFrame() {
  useKeys();
  useQuote();
  const paletteOpen = useEditor(paletteOpenOf);
  const inspectorOpen = useEditor(inspectorOpenOf);
  return (
    <div className={styles.screen}>
      <TopBar />
      <ConnectionNotice />
      <div className={styles.body}>
        {paletteOpen && <Palette />}
        <main className={styles.middle}>
          <PackageNotice />
          <TroubleNotice />
          <Canvas />
          <Drawer />
        </main>
        {inspectorOpen && <Inspector />}
      </div>
      <QuickAdd />
      <WireBubble />
      <KeysSheet />
      <CommandsWhenOpen />
      <RunForm />
      <ConflictDialog />
      <UpgradeDialog />
    </div>
  );
}

const commandsOpenOf = (state: EditorState) => state.commandsOpen;

function CommandsWhenOpen() {
  const open = useEditor(commandsOpenOf);
  return (
    open && (
      <Suspense fallback={null}>
        <CommandPalette />
      </Suspense>
    )
  );
}

const troubleOf = (state: EditorState) => state.trouble;

/** What could not be done, over the canvas until it is closed. */
function TroubleNotice() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const trouble = useEditor(troubleOf);
  if (!trouble) return null;
  return (
    <div className={styles.trouble}>
      <ErrorNotice error={trouble.error} title={trouble.title} />
      <Button
        type="text"
        size="small"
        aria-label={t('trouble.close')}
        icon={<X size={14} aria-hidden />}
        onClick={() => store.getState().tellTrouble(null)}
      />
    </div>
  );
}
