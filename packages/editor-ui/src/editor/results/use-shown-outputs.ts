import type { PortItems } from '@imaginarium/protocol';
import { useMemo } from 'react';
import type { EditorState } from '../store/editor-store.ts';
import { useEditor } from '../store/use-editor.ts';

const outputsOf = (state: EditorState) => state.run?.outputs;
const pickedOf = (state: EditorState) => state.run?.picked;

/** What the nodes gave in the run that is shown, those in loops in the iteration that is looked at; undefined before a run. */
export function useShownOutputs(): Readonly<Record<string, PortItems>> | undefined {
  const outputs = useEditor(outputsOf);
  const picked = useEditor(pickedOf);
  return useMemo(() => {
    const inside = Object.values(picked ?? {}).map((entry) => entry.outputs);
    return outputs && (inside.length === 0 ? outputs : Object.assign({}, outputs, ...inside));
  }, [outputs, picked]);
}
