import { useCallback } from 'react';
import { useServices } from '../store/services.ts';
import { useEditorStore } from '../store/use-editor.ts';

/** Runs up to the chosen node, or from it on. Does nothing unless one node is chosen; the server says what keeps it from running. */
export function useRunPart(): { runTo: () => void; runFrom: () => void } {
  const store = useEditorStore();
  const { runs } = useServices();
  const runTo = useCallback(() => {
    const [until, ...others] = store.getState().selection.nodes;
    if (until !== undefined && others.length === 0) void runs.start(undefined, { until });
  }, [store, runs]);
  const runFrom = useCallback(() => {
    const { selection, run } = store.getState();
    const [from, ...others] = selection.nodes;
    if (from !== undefined && others.length === 0 && run) void runs.start(undefined, { from });
  }, [store, runs]);
  return { runTo, runFrom };
}
