import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { EditorState, EditorStore } from './editor-store.ts';

export const EditorContext = createContext<EditorStore | null>(null);

/** The store of the editor that this component stands in; for handlers that read without following. */
export function useEditorStore(): EditorStore {
  const store = useContext(EditorContext);
  if (!store) throw new Error('useEditorStore: expected to stand inside an EditorContext.');
  return store;
}

/** Follows a part of the editor. Give it a constant selector, or one made of constants and ids. */
export function useEditor<Value>(selector: (state: EditorState) => Value): Value {
  return useStore(useEditorStore(), selector);
}
