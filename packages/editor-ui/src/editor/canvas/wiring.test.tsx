import { act, render, renderHook, screen } from '@testing-library/react';
import type { FinalConnectionState } from '@xyflow/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { aStore, EditorProviders } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import { useWiring } from './use-wiring.ts';
import { WireBubble } from './WireBubble.tsx';

beforeEach(() => {
  document.elementFromPoint = () => null;
});

function setUp() {
  const graph = aGraph(
    { photo: 'input.image', caption: 'input.text', resize: 'processing.resize', again: 'processing.resize' },
    ['photo.image -> resize.image', 'resize.image -> again.image'],
  );
  const store = aStore(graph);
  const wrapper = ({ children }: { children: React.ReactNode }) => (
    <EditorProviders store={store}>{children}</EditorProviders>
  );
  render(<WireBubble />, { wrapper });
  const { result } = renderHook(() => useWiring(), { wrapper });
  /** Draws a wire from an output and drops it on an input, or on nothing. */
  const drop = (from: string, to?: string) =>
    act(() => {
      const [nodeId, handleId] = from.split('.') as [string, string];
      result.current.onConnectStart(undefined, { nodeId, handleId, handleType: 'source' });
      const [id, port] = to?.split('.') ?? [];
      const state = to ? { toNode: { id }, toHandle: { id: port, type: 'target' } } : { toNode: null, toHandle: null };
      const event = new MouseEvent('mouseup', { clientX: 40, clientY: 50 });
      result.current.onConnectEnd(event, state as unknown as FinalConnectionState); // Only what the hook reads.
    });
  return { store, drop };
}

describe('a wire that is dropped', () => {
  it('is drawn where it fits', () => {
    const { store, drop } = setUp();
    drop('photo.image', 'caption.item');
    expect(store.getState().graph.edges).toHaveLength(3);
    expect(screen.getByRole('alert').textContent).toBe('');
  });

  it('is refused on a port of another type, with the reason and what to do', () => {
    const { store, drop } = setUp();
    drop('caption.text', 'again.image');
    expect(store.getState().graph.edges).toHaveLength(2);
    expect(screen.getByRole('alert').textContent).toBe(
      'This port takes an image, not text.Wire it from a port that gives an image.',
    );
  });

  it('is refused on a port that is taken', () => {
    const { drop } = setUp();
    drop('photo.image', 'again.image');
    expect(screen.getByRole('alert').textContent).toContain('The image port of Resize 2 already has a wire.');
  });

  it('is refused where it would close a circle', () => {
    const { store, drop } = setUp();
    act(() => store.getState().change((graph) => ({ ...graph, edges: graph.edges.slice(1) })));
    drop('again.image', 'resize.image');
    expect(screen.getByRole('alert').textContent).toContain('This wire would close a circle');
  });

  it('opens the palette with what fits, on empty canvas', () => {
    const { store, drop } = setUp();
    drop('caption.text');
    expect(store.getState().quickAdd?.from).toEqual({ node: 'caption', port: 'text', side: 'output' });
    expect(store.getState().drawing).toBeNull();
  });
});
