import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { copyNodes, pasteNodes } from '../document/clipboard.ts';
import { randomId } from '../document/ids.ts';
import { useEditorStore } from '../store/use-editor.ts';

const STEP_PX = 32;

/** Copies nodes as text, pastes them, duplicates them. Each further paste of the same text stands a step further on. */
export function useClipboard() {
  const store = useEditorStore();
  const { t } = useTranslation('editor');
  const last = useRef({ text: '', times: 0 });

  return useMemo(() => {
    const paste = (text: string, times: number) => {
      const { graph, catalogue, change, select, showBubble } = store.getState();
      const offset = { x: STEP_PX * times, y: STEP_PX * times };
      const pasted = pasteNodes(graph, text, offset, catalogue, randomId);
      if (!pasted.ok) {
        const at = { x: window.innerWidth / 2 - 150, y: 80 };
        return showBubble({ at, text: t('paste.refused'), remedy: pasted.reason });
      }
      change(() => pasted.graph);
      select(pasted.selection);
    };
    const copySelection = (): string | undefined => {
      const { graph, selection } = store.getState();
      if (selection.nodes.length === 0) return undefined;
      const text = copyNodes(graph, selection.nodes);
      last.current = { text, times: 0 };
      return text;
    };
    return {
      copySelection,
      pasteText: (text: string) => {
        const times = last.current.text === text ? last.current.times + 1 : 1;
        last.current = { text, times };
        paste(text, times);
      },
      duplicate: () => {
        const { graph, selection } = store.getState();
        if (selection.nodes.length > 0) paste(copyNodes(graph, selection.nodes), 1);
      },
    };
  }, [store, t]);
}
