import type { Graph, GraphNode } from '@imaginarium/protocol';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { aGraph } from '../testing/graphs.ts';
import { testTypes } from '../testing/node-types.ts';
import { renderEditor } from '../testing/render-editor.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

/** Everything that a node may hold, of types that nobody can say anything about. */
const unknown: GraphNode = {
  ...{ id: 'blur', type: 'acme.blur', version: 3, name: 'Soft', position: { x: 10, y: 20 }, parent: null },
  ...{ params: { radius: '{{ item.size }}', mask: [1, { deep: true }] }, credentials: { api: 'cred_1' } },
  ...{ policy: { cache: false, onError: 'error-port' as const }, disabled: true, notes: 'Mine.' },
  pinned: { image: [{ id: 'i', value: 'x', fields: { a: 1 }, from: [] }] },
};
const tooNew: GraphNode = {
  ...{
    id: 'future',
    type: 'processing.resize',
    version: 9,
    name: 'Future',
    params: { lens: 2 },
    position: { x: 0, y: 0 },
  },
};

it('nodes whose type or version is missing open, say what to do, and are saved back unchanged with their wires', async () => {
  const known = aGraph({ a: 'input.image' });
  const wire = (id: string, from: string, to: string, port: string) => ({
    ...{ id, from: { node: from, port: 'image' }, to: { node: to, port } },
  });
  const graph: Graph = {
    ...known,
    nodes: [...known.nodes, unknown, tooNew],
    edges: [wire('e1', 'a', 'blur', 'lens'), wire('e2', 'blur', 'future', 'picture')],
  };
  const { calls, workflowId } = renderEditor(graph, () => ({
    'GET /node-types': () => ({
      body: {
        packages: [{ name: '@acme/base', version: '1.0.0', state: 'loaded', types: ['processing.resize'] }],
        types: testTypes,
      },
    }),
  }));
  const user = userEvent.setup();
  // On the card, and in the list of what to do before a run.
  const install = 'Install the package that brings acme nodes, or remove the node.';
  expect(await screen.findAllByText(install)).toHaveLength(2);
  const update = 'Update @acme/base: what is installed brings version 1. Or remove the node.';
  expect(screen.getAllByText(update)).toHaveLength(2);
  const palette = await screen.findByRole('complementary', { name: 'Nodes' });
  await user.type(within(palette).getByRole('textbox', { name: 'Search nodes' }), 'merge{Enter}');
  const saved = () => calls.find(({ name }) => name === `PUT /workflows/${workflowId}/draft`)?.body;
  await waitFor(() => expect(saved()).toBeDefined());
  const { nodes, edges } = (saved() as { graph: Graph }).graph;
  expect([nodes.slice(1, 3), edges]).toEqual([[unknown, tooNew], graph.edges]);
});
