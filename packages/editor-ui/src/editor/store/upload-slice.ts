import type { FileRef, Json } from '@imaginarium/protocol';
import type { StateCreator } from 'zustand';
import type { Upload } from '../../api/use-uploads.ts';
import { setParam } from '../document/params.ts';
import type { EditorState } from './editor-store.ts';

/** A file on its way to a param. */
export interface ParamUpload extends Upload {
  node: string;
  param: string;
}

/** The files on their way, and those that did not arrive. */
export interface UploadSlice {
  uploads: readonly ParamUpload[];
  addUploads(uploads: readonly ParamUpload[]): void;
  changeUpload(id: string, change: Partial<ParamUpload>): void;
  dropUpload(id: string): void;
  /** Puts files that have arrived into an asset param: behind those it has, or in place of them. */
  fillParam(node: string, param: string, files: readonly FileRef[], batch: string): void;
}

export const createUploadSlice: StateCreator<EditorState, [], [], UploadSlice> = (set, get) => ({
  uploads: [],
  addUploads: (uploads) => set((state) => ({ uploads: [...state.uploads, ...uploads] })),
  changeUpload: (id, change) =>
    set((state) => ({ uploads: state.uploads.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)) })),
  dropUpload: (id) => set((state) => ({ uploads: state.uploads.filter((entry) => entry.id !== id) })),
  fillParam: (node, param, files, batch) => {
    const { graph, catalogue } = get();
    const target = graph.nodes.find((entry) => entry.id === node);
    const spec = target && catalogue.describe(target.type, target.version)?.params[param];
    if (!target || spec?.kind !== 'asset' || files.length === 0) return;
    const value = spec.multiple ? [...filesIn(target.params[param]), ...files] : files[0];
    // A FileRef is plain data; its optional keys are what keeps the compiler from seeing JSON in it.
    get().change((before) => setParam(before, node, param, value as unknown as Json), `upload ${batch}`);
  },
});

/** The files that an asset param holds. */
export function filesIn(value: Json | undefined): FileRef[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).filter((file) => typeof file === 'object') as unknown as FileRef[];
}
