import Button from 'antd/es/button';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StateBadge } from '../../components/StateBadge.tsx';
import type { EditorState } from '../store/editor-store.ts';
import { remember, remembered } from '../store/remember.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import type { DrawerTab } from '../store/view-slice.ts';
import styles from './Drawer.module.css';
import { DrawerGrip } from './DrawerGrip.tsx';
import { ItemsTab } from './ItemsTab.tsx';
import { LogTab } from './LogTab.tsx';
import { LoopBar } from './LoopBar.tsx';
import { QueuedRun } from './QueuedRun.tsx';
import { RunEnd } from './RunEnd.tsx';
import { RunsTab } from './RunsTab.tsx';

const ResultsTab = lazy(async () => ({ default: (await import('./ResultsTab.tsx')).ResultsTab }));
const TABS: readonly DrawerTab[] = ['results', 'items', 'log', 'runs'];
const openOf = (state: EditorState) => state.drawerOpen;
const tabOf = (state: EditorState) => state.drawerTab;
const runStateOf = (state: EditorState) => state.run?.run.state;

/** What runs gave, below the canvas: closed until a run, as high as it was left. */
export function Drawer() {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const open = useEditor(openOf);
  const tab = useEditor(tabOf);
  const runState = useEditor(runStateOf);
  const [height, setHeight] = useState(() => remembered<number>('drawer-height', 400));
  const toggle = () => store.getState().setDrawer(!open);
  return (
    <section
      className={styles.drawer}
      style={{ height: open ? height : undefined }}
      aria-label={t('drawer.label')}
      data-region="drawer"
    >
      {open && <DrawerGrip height={height} onChange={(next) => setHeight(remember('drawer-height', next))} />}
      <div className={styles.bar}>
        <div role="tablist" aria-label={t('drawer.label')} className={styles.tabs} onKeyDown={moveAlongTabs}>
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-controls="drawer-panel"
              aria-selected={open && tab === name}
              tabIndex={tab === name ? 0 : -1}
              onClick={() => store.getState().setDrawer(!(open && tab === name), name)}
            >
              {t(`drawer.${name}`)}
            </button>
          ))}
        </div>
        {runState && <StateBadge state={runState} />}
        <Button
          type="text"
          size="small"
          aria-label={t(open ? 'drawer.close' : 'drawer.open')}
          aria-expanded={open}
          icon={open ? <ChevronDown size={16} aria-hidden /> : <ChevronUp size={16} aria-hidden />}
          onClick={toggle}
        />
      </div>
      {open && (
        <div id="drawer-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} className={styles.panel}>
          {tab === 'results' && <RunEnd />}
          {tab === 'results' && <QueuedRun />}
          {(tab === 'results' || tab === 'items') && <LoopBar />}
          <Suspense fallback={null}>
            <Panel tab={tab} />
          </Suspense>
        </div>
      )}
    </section>
  );
}

function Panel({ tab }: { tab: DrawerTab }) {
  switch (tab) {
    case 'results':
      return <ResultsTab />;
    case 'items':
      return <ItemsTab />;
    case 'log':
      return <LogTab />;
    case 'runs':
      return <RunsTab />;
  }
}

/** Arrows go from tab to tab, as in every list of tabs. */
function moveAlongTabs(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')];
  const at = tabs.indexOf(document.activeElement as HTMLElement);
  const next = tabs[(at + step + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}
