import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useReducedMotion } from '../../app/use-reduced-motion.ts';
import { copyText } from '../../components/copy-text.ts';
import { useAddFrame } from '../canvas/use-add-frame.ts';
import { useAddNote } from '../canvas/use-add-note.ts';
import { useQuickAdd } from '../canvas/use-quick-add.ts';
import { withInside } from '../document/loops.ts';
import { type Direction, neighbourOf } from '../document/neighbours.ts';
import { setDisabled } from '../document/nodes.ts';
import { useRunAsked } from '../run/use-run-asked.ts';
import { useRunPart } from '../run/use-run-part.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { nextPort, portPlace } from './port-focus.ts';
import { focusNextRegion } from './regions.ts';
import type { Command } from './shortcuts.ts';
import { useClipboard } from './use-clipboard.ts';
import { useGoToNode } from './use-go-to-node.ts';

/** What each command does. */
export function useCommands(): Record<Command, () => void> {
  const { t } = useTranslation('editor');
  const store = useEditorStore();
  const { fitView, zoomTo, screenToFlowPosition } = useReactFlow();
  const goToNode = useGoToNode();
  const addNote = useAddNote();
  const addFrame = useAddFrame();
  const reducedMotion = useReducedMotion();
  const openQuickAdd = useQuickAdd();
  const run = useRunAsked();
  const { runTo } = useRunPart();
  const { copySelection, pasteText, duplicate } = useClipboard();

  return useMemo(() => {
    const duration = reducedMotion ? 0 : 160;
    const go = (direction: Direction) => {
      const { graph, selection } = store.getState();
      const here = selection.nodes.at(-1);
      const next = here === undefined ? graph.nodes[0]?.id : neighbourOf(graph, here, direction);
      if (next === undefined) return;
      goToNode(next);
    };
    const say = (text: string, remedy: string) =>
      store.getState().showBubble({ at: { x: window.innerWidth / 2 - 150, y: 80 }, text, remedy });
    // A person, or the browser for them, may refuse a page the clipboard; the keys are always allowed.
    const withClipboard = (done: Promise<void>) =>
      void done.catch(() => say(t('paste.noClipboard'), t('paste.byKeys')));
    return {
      add: () => openQuickAdd(),
      inspect: () => {
        const { focusedPort, openQuickAdd: open, inspectorOpen, toggleInspector, selection } = store.getState();
        if (focusedPort) {
          const at = portPlace(focusedPort);
          open({ at, position: screenToFlowPosition(at), from: focusedPort, withPorts: true });
        } else if (selection.nodes.length > 0) {
          if (!inspectorOpen) toggleInspector();
          requestAnimationFrame(() =>
            document.querySelector<HTMLElement>('[data-region="inspector"] :is(input, textarea, button)')?.focus(),
          );
        }
      },
      fit: () => void fitView({ duration, padding: 0.2, maxZoom: 1 }),
      actualSize: () => void zoomTo(1, { duration }),
      undo: () => store.getState().undo(),
      redo: () => store.getState().redo(),
      copy: () => withClipboard(copyText(copySelection() ?? '')),
      paste: () => withClipboard(navigator.clipboard.readText().then(pasteText)),
      duplicate,
      delete: () => {
        const { graph, selection, deleteSelection } = store.getState();
        const count = withInside(graph, selection.nodes).length - selection.nodes.length;
        deleteSelection();
        // Nobody is asked, but nobody should miss later what stood in a loop.
        if (count > 0) say(t('loop.deleted', { count }), t('loop.cutUndo'));
      },
      selectAll: () => {
        const { graph, select } = store.getState();
        select({ nodes: graph.nodes.map((node) => node.id), edges: graph.edges.map((edge) => edge.id) });
      },
      disable: () => {
        const { graph, selection, change } = store.getState();
        const chosen = graph.nodes.filter((node) => selection.nodes.includes(node.id));
        const off = chosen.some((node) => !node.disabled);
        change((before) => setDisabled(before, selection.nodes, off));
      },
      note: addNote,
      frame: addFrame,
      run,
      runTo: () => runTo(),
      goLeft: () => go('left'),
      goRight: () => go('right'),
      goUp: () => go('up'),
      goDown: () => go('down'),
      nextPort: () => store.getState().focusPort(nextPort(store.getState())),
      nextRegion: focusNextRegion,
      escape: () => {
        const { focusedPort, focusPort, select } = store.getState();
        if (focusedPort) focusPort(null);
        else select({ nodes: [], edges: [] });
      },
      keys: () => store.getState().setKeysOpen(true),
      commands: () => store.getState().setCommandsOpen(true),
    };
  }, [
    t,
    store,
    reducedMotion,
    fitView,
    zoomTo,
    screenToFlowPosition,
    goToNode,
    addNote,
    addFrame,
    openQuickAdd,
    run,
    runTo,
    copySelection,
    pasteText,
    duplicate,
  ]);
}
