import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { renameNode } from '../document/nodes.ts';
import { aStore, EditorProviders } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import { useTidyUp } from './use-tidy-up.ts';

it('keeps what somebody edits while the layout is loaded', async () => {
  const store = aStore(aGraph({ a: 'input.image', b: 'processing.resize' }, ['a.image -> b.image']));
  const { result } = renderHook(useTidyUp, {
    wrapper: ({ children }) => <EditorProviders store={store}>{children}</EditorProviders>,
  });
  const tidied = result.current();
  store.getState().change((graph) => renameNode(graph, 'b', 'Smaller'));
  await tidied;
  const [a, b] = store.getState().graph.nodes;
  expect(b?.name).toBe('Smaller');
  expect(b?.position.x).toBeGreaterThan(a?.position.x ?? 0);
});
