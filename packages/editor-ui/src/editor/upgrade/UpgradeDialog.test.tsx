import type { Graph, NodeDescription } from '@imaginarium/protocol';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { aGraph } from '../testing/graphs.ts';
import { testTypes } from '../testing/node-types.ts';
import { renderEditor } from '../testing/render-editor.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

const resize = testTypes.find(({ type }) => type === 'processing.resize') as NodeDescription;
const scale: NodeDescription['params'][string] = { kind: 'number', title: 'Scale', default: 1 };
const second: NodeDescription = {
  ...resize,
  version: 2,
  outputs: { picture: { type: 'image' } },
  params: { scale },
  upgradesFrom: [1],
};
const installed = { packages: [], types: [...testTypes, second] };

function graphWithWidth(): Graph {
  const graph = aGraph({ a: 'input.image', b: 'processing.resize', c: 'processing.resize' }, [
    'a.image -> b.image',
    'b.image -> c.image',
  ]);
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === 'b' ? { ...node, params: { width: 800 } } : node)) };
}

describe('upgrading nodes', () => {
  it('shows what changes before it does, and undo takes it back', async () => {
    const { calls } = renderEditor(graphWithWidth(), () => ({
      'GET /node-types': () => ({ body: installed }),
      'POST /node-types/upgrade': ({ body }) => ({
        body: {
          upgrades: (body as { nodes: { id: string }[] }).nodes.map(({ id }) => ({
            id,
            version: 2,
            params: { scale: 2 },
          })),
          refused: [],
        },
      }),
    }));
    const user = userEvent.setup({ pointerEventsCheck: 0 });
    expect(await screen.findByText('2 nodes have newer versions.')).toBeDefined();
    await user.click(screen.getByRole('button', { name: 'Upgrade all' }));
    const dialog = await screen.findByRole('dialog');
    const [width] = await within(dialog).findAllByRole('row', { name: 'Width 800 default' });
    expect(width).toBeDefined();
    expect(within(dialog).getAllByRole('row', { name: 'Scale default 2' })).toHaveLength(2);
    expect(within(dialog).getByText(/The wire from Resize \(image\) to Resize 2 \(image\) fits no more/)).toBeDefined();
    await user.click(within(dialog).getByRole('button', { name: 'Upgrade' }));
    await waitFor(() => expect(screen.queryByText('2 nodes have newer versions.')).toBeNull());
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('2 nodes have newer versions.')).toBeDefined();
    expect(calls.filter(({ name }) => name === 'POST /node-types/upgrade')).toHaveLength(1);
  });

  it('says why a node cannot be upgraded, and upgrades nothing', async () => {
    renderEditor(aGraph({ b: 'processing.resize' }), () => ({
      'GET /node-types': () => ({ body: installed }),
      'POST /node-types/upgrade': () => ({
        body: { upgrades: [], refused: [{ id: 'b', message: 'It failed: no width.' }] },
      }),
    }));
    const user = userEvent.setup({ pointerEventsCheck: 0 });
    await user.click(await screen.findByRole('button', { name: 'Upgrade it' }));
    const dialog = await screen.findByRole('dialog');
    expect((await within(dialog).findByRole('alert')).textContent).toBe('Resize: It failed: no width.');
    expect(within(dialog).getByRole('button', { name: 'Upgrade' })).toHaveProperty('disabled', true);
  });
});
