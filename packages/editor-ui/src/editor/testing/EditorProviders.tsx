import type { Graph, NodeDescription } from '@imaginarium/protocol';
import { ReactFlowProvider } from '@xyflow/react';
import type { ReactNode } from 'react';
import { createEditorStore, type EditorStore } from '../store/editor-store.ts';
import { EditorContext } from '../store/use-editor.ts';
import { testTypes } from './node-types.ts';

/** A store on a graph, without a server behind it. */
export function aStore(graph: Graph, types: readonly NodeDescription[] = testTypes): EditorStore {
  return createEditorStore({
    workflowId: 'w',
    name: 'Test',
    graph,
    installed: { types, packages: [] },
    revision: 1,
    savedAt: '2026-11-21T12:04:00.000Z',
  });
}

/** What parts of the editor need around them. */
export function EditorProviders({ store, children }: { store: EditorStore; children: ReactNode }) {
  return (
    <EditorContext value={store}>
      <ReactFlowProvider>{children}</ReactFlowProvider>
    </EditorContext>
  );
}
