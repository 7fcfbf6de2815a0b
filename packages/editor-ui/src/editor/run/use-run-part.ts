import { useCallback } from 'react';
import { useServices } from '../store/services.ts';
import { useEditorStore } from '../store/use-editor.ts';

/**
 * Runs up to the chosen node, or from it on. Does nothing unless one node is chosen; the server says what keeps it from running.
 * Each takes the price that was shown for it, where there is one, as the most that it may cost.
 */
export function useRunPart(): { runTo: (maxCredits?: number) => void; runFrom: (maxCredits?: number) => void } {
  const store = useEditorStore();
  const { runs } = useServices();
  const runTo = useCallback(
    (maxCredits?: number) => {
      const [until, ...others] = store.getState().selection.nodes;
      if (until !== undefined && others.length === 0) void runs.start(undefined, { until, maxCredits });
    },
    [store, runs],
  );
  const runFrom = useCallback(
    (maxCredits?: number) => {
      const { selection, run } = store.getState();
      const [from, ...others] = selection.nodes;
      if (from !== undefined && others.length === 0 && run) void runs.start(undefined, { from, maxCredits });
    },
    [store, runs],
  );
  return { runTo, runFrom };
}
