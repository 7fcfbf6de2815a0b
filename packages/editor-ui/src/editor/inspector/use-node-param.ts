import { type GraphNode, type Json, type NodeDescription, withDefaults } from '@imaginarium/protocol';
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { client } from '../../api/client.ts';
import { setParam } from '../document/params.ts';
import { uploadFiles } from '../run/upload-files.ts';
import { useEditor, useEditorStore } from '../store/use-editor.ts';
import type { AssetUploads } from './fields/field.ts';

/** One param of a node: its value, how to change it, and the files on their way to it. */
export function useNodeParam(node: GraphNode, description: NodeDescription, param: string) {
  const store = useEditorStore();
  const uploads = useEditor(
    useShallow((state) => state.uploads.filter((upload) => upload.node === node.id && upload.param === param)),
  );
  const spec = description.params[param];
  const multiple = spec?.kind === 'asset' && (spec.multiple ?? false);
  const assets = useMemo(
    (): AssetUploads => ({
      uploads,
      addFiles: (files) => void uploadFiles(client, store, { node: node.id, param, multiple }, files),
      dismiss: (id) => store.getState().dropUpload(id),
    }),
    [uploads, store, node.id, param, multiple],
  );
  const change = (value: Json | undefined) =>
    store.getState().change((graph) => setParam(graph, node.id, param, value), `param ${node.id} ${param}`);
  const value = withDefaults(description.params, node.params)[param] ?? null;
  return { value, change, assets };
}
