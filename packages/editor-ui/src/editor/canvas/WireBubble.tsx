import { Unplug } from 'lucide-react';
import { useEffect } from 'react';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import styles from './WireBubble.module.css';

const bubbleOf = (state: EditorState) => state.bubble;
/** Long enough to read two sentences. */
const SHOWN_MS = 7000;

/** Says why a wire was refused, where it was dropped. Goes away by itself, by a click or by Escape. */
export function WireBubble() {
  const store = useEditorStore();
  const bubble = useEditor(bubbleOf);
  useEffect(() => {
    if (!bubble) return;
    const close = () => store.getState().showBubble(null);
    const timer = setTimeout(close, SHOWN_MS);
    window.addEventListener('pointerdown', close);
    window.addEventListener('keydown', close);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerdown', close);
      window.removeEventListener('keydown', close);
    };
  }, [bubble, store]);
  return (
    <div role="alert">
      {bubble && (
        <div
          className={styles.bubble}
          style={{ left: Math.min(bubble.at.x + 12, window.innerWidth - 320), top: bubble.at.y + 12 }}
        >
          <Unplug size={16} aria-hidden />
          <p>
            <strong>{bubble.text}</strong>
            {bubble.remedy && <span>{bubble.remedy}</span>}
          </p>
        </div>
      )}
    </div>
  );
}
