import { useEffect } from 'react';
import { client } from '../../api/client.ts';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';

const revisionOf = (state: EditorState) => state.revision;
const runnableOf = (state: EditorState) => state.problems.length === 0;
const runStateOf = (state: EditorState) => state.run?.run.state;

/** Keeps the price and time of the next run up to date: asked anew after each save and each run, whose times it learns from. */
export function useQuote(): void {
  const store = useEditorStore();
  const revision = useEditor(revisionOf);
  const runnable = useEditor(runnableOf);
  const runState = useEditor(runStateOf);
  const settled = runState !== 'running' && runState !== 'queued' ? runState : undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the revision and the end of a run are what makes the quote old.
  useEffect(() => {
    if (!runnable) return store.getState().setQuote(null);
    const { signal, abort } = abortable();
    client
      .call('quoteRun', { params: { id: store.getState().workflowId }, body: {} }, { signal })
      .then((quote) => store.getState().setQuote(quote))
      .catch(() => {
        if (!signal.aborted) store.getState().setQuote(null);
      });
    return abort;
  }, [store, revision, runnable, settled]);
}

function abortable(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
