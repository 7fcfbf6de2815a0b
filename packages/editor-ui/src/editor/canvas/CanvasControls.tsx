import { Panel, type ReactFlowState, useReactFlow, useStore } from '@xyflow/react';
import Button from 'antd/es/button';
import Tooltip from 'antd/es/tooltip';
import { Keyboard, Maximize, Minus, Plus, StickyNote, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useEditorStore } from '../store/use-editor.ts';
import styles from './CanvasControls.module.css';
import { useAddNote } from './use-add-note.ts';
import { useTidyUp } from './use-tidy-up.ts';

const zoomOf = (state: ReactFlowState) => Math.round(state.transform[2] * 100);

/** Zoom, fit, tidy up, notes, and the sheet of keys. */
export function CanvasControls({ animate }: { animate: boolean }) {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const tidyUp = useTidyUp();
  const addNote = useAddNote();
  const zoom = useStore(zoomOf);
  const duration = animate ? 160 : 0;
  return (
    <Panel position="bottom-left" className={styles.controls}>
      <Control label={t('canvas.zoomOut')} onClick={() => void zoomOut({ duration })}>
        <Minus size={15} aria-hidden />
      </Control>
      <Tooltip title={`${t('canvas.actualSize')} · 1`}>
        <button
          type="button"
          className={styles.zoom}
          aria-label={`${t('canvas.actualSize')}, ${zoom}%`}
          onClick={() => void zoomTo(1, { duration })}
        >
          {zoom}%
        </button>
      </Tooltip>
      <Control label={t('canvas.zoomIn')} onClick={() => void zoomIn({ duration })}>
        <Plus size={15} aria-hidden />
      </Control>
      <Control label={t('canvas.fit')} hint="F" onClick={() => void fitView({ duration, padding: 0.2, maxZoom: 1 })}>
        <Maximize size={15} aria-hidden />
      </Control>
      <Control label={t('canvas.tidyUp')} onClick={() => void tidyUp()}>
        <Workflow size={15} aria-hidden />
      </Control>
      <Control label={t('note.add')} hint="N" onClick={addNote}>
        <StickyNote size={15} aria-hidden />
      </Control>
      <Control label={t('keys.title')} hint="?" onClick={() => store.getState().setKeysOpen(true)}>
        <Keyboard size={15} aria-hidden />
      </Control>
    </Panel>
  );
}

interface ControlProps {
  label: string;
  hint?: string;
  onClick: () => void;
  children: ReactNode;
}

function Control({ label, hint, onClick, children }: ControlProps) {
  return (
    <Tooltip title={hint ? `${label} · ${hint}` : label}>
      <Button type="text" size="small" aria-label={label} icon={children} onClick={onClick} />
    </Tooltip>
  );
}
