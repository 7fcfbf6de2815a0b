import { useCallback } from 'react';
import { useServices } from '../store/services.ts';
import { useEditorStore } from '../store/use-editor.ts';
import { runBlock } from './run-block.ts';

/** Runs the workflow: at once when every value is there, after asking for those that are missing. Does nothing while something keeps it from running. */
export function useRunAsked(): () => void {
  const store = useEditorStore();
  const { runs } = useServices();
  return useCallback(() => {
    const { problems, graph, setRunFormOpen } = store.getState();
    if (runBlock(problems, graph.inputs)) return;
    if (problems.length > 0) setRunFormOpen(true);
    else void runs.start();
  }, [store, runs]);
}
