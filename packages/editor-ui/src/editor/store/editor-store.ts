import { createStore, type StoreApi } from 'zustand';
import { createDocumentSlice, type DocumentInit, type DocumentSlice } from './document-slice.ts';
import { createRunSlice, type RunSlice } from './run-slice.ts';
import { createUploadSlice, type UploadSlice } from './upload-slice.ts';
import { createViewSlice, type ViewSlice } from './view-slice.ts';

/** Everything one open editor knows. */
export type EditorState = DocumentSlice & ViewSlice & RunSlice & UploadSlice;
export type EditorStore = StoreApi<EditorState>;

export interface EditorInit extends DocumentInit {
  revision: number;
  savedAt: string;
}

/** The store of one open workflow; it is thrown away with its screen. */
export function createEditorStore(init: EditorInit): EditorStore {
  return createStore<EditorState>()((...api) => ({
    ...createDocumentSlice(init)(...api),
    ...createViewSlice(...api),
    ...createRunSlice(init)(...api),
    ...createUploadSlice(...api),
  }));
}
