import type { Json } from '@imaginarium/protocol';
import { QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { queryClient } from '../../api/query-client.ts';
import { aModel } from '../../testing/a-model.ts';
import { fakeApi } from '../../testing/fake-api.ts';
import { aStore, EditorProviders } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import { everyParam } from '../testing/node-types.ts';
import { NodeInspector } from './NodeInspector.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const speed = { sha256: '0'.repeat(64), msPerMegapixel: 3200, peakMemoryMb: 1, measuredAt: '2026-11-21T00:00:00.000Z' };
const MODELS = [
  aModel({ name: 'fast', title: 'Fast' }, { state: 'installed', speed }),
  aModel({ name: 'elsewhere', title: 'Elsewhere' }),
];

function setUp(params: Record<string, Json> = {}) {
  const graph = aGraph({ n: 'test.every-param' });
  const store = aStore({ ...graph, nodes: graph.nodes.map((node) => ({ ...node, params })) });
  fakeApi({ 'GET /models': { body: { models: MODELS, mayChange: false } } });
  queryClient.clear();
  render(
    <QueryClientProvider client={queryClient}>
      <EditorProviders store={store}>
        <NodeInspector id="n" />
      </EditorProviders>
    </QueryClientProvider>,
  );
  return {
    store,
    user: userEvent.setup({ pointerEventsCheck: 0 }),
    params: () => store.getState().graph.nodes[0]?.params,
  };
}

const box = (name: string) => screen.getByRole('textbox', { name });

describe('the inspector', () => {
  it('draws a labelled field for every kind of param', () => {
    setUp({ format: 'jpeg' });
    for (const { title } of Object.values(everyParam)) expect(screen.getAllByText(title).length).toBeGreaterThan(0);
  });

  it('edits text, with one undo for what was typed at once', async () => {
    const { store, user, params } = setUp();
    // At once by the clock, however long a busy machine takes for it.
    vi.spyOn(Date, 'now').mockReturnValue(Date.now());
    await user.type(box('Line'), 'hello');
    expect(params()).toEqual({ line: 'hello' });
    store.getState().undo();
    expect(params()).toEqual({});
  });

  it('is not red before a field was touched; then the error takes the place of the help', async () => {
    const { user } = setUp();
    expect(screen.getByText('One line of text.')).toBeTruthy();
    await user.click(box('Line'));
    await user.tab();
    expect(screen.queryByText('One line of text.')).toBeNull();
    expect(screen.getByText('Line needs a value.')).toBeTruthy();
  });

  it('keeps a number that is out of range and says what was expected', async () => {
    const { user, params } = setUp();
    const count = screen.getByRole('spinbutton', { name: 'Count' });
    await user.clear(count);
    await user.type(count, '12');
    await user.tab();
    expect(params()).toEqual({ count: 12 });
    expect(screen.getByText('expected at most 10, received 12')).toBeTruthy();
  });

  it('edits a slider by its number, a toggle, a choice and several choices', async () => {
    const { user, params } = setUp();
    const strength = screen.getByRole('spinbutton', { name: 'Strength' });
    await user.clear(strength);
    await user.type(strength, '0.7');
    await user.click(screen.getByRole('switch', { name: 'Keep transparency' }));
    await user.click(screen.getByRole('radio', { name: 'JPEG' }));
    await user.click(screen.getByRole('checkbox', { name: 'Print' }));
    expect(params()).toEqual({ strength: 0.7, keep: false, format: 'jpeg', channels: ['print'] });
  });

  it('shows a param only when its neighbours ask for it, and folds what is advanced', async () => {
    const { user } = setUp();
    expect(screen.queryByText('Quality')).toBeNull();
    await user.click(screen.getByRole('radio', { name: 'JPEG' }));
    expect(screen.getByText('Quality')).toBeTruthy();
    const advanced = screen.getByText('Advanced').closest('details');
    expect(advanced?.open).toBe(false);
    expect(within(advanced as HTMLElement).getByText('Seed')).toBeTruthy();
  });

  it('takes a colour when it is one', async () => {
    const { user, params } = setUp();
    const tint = box('Tint');
    await user.clear(tint);
    await user.type(tint, '#FF00');
    expect(params()).toEqual({});
    await user.type(tint, 'aa');
    expect(params()).toEqual({ tint: '#ff00aa' });
  });

  it('takes JSON that can be read, and says why it cannot read the rest', () => {
    const { params } = setUp();
    fireEvent.change(box('Data'), { target: { value: '{"a": ' } });
    expect(params()).toEqual({});
    expect(screen.getByRole('alert').textContent).not.toBe('');
    fireEvent.change(box('Data'), { target: { value: '{"a": [1]}' } });
    expect(params()).toEqual({ data: { a: [1] } });
    fireEvent.change(box('Data'), { target: { value: '{"__proto__": 1}' } });
    expect(params()).toEqual({ data: { a: [1] } });
  });

  it('picks a model that is installed, with the time it takes here, and says when the chosen one is not', async () => {
    const { user, params } = setUp({ model: 'gone' });
    expect(await screen.findByText('gone, which is not installed')).toBeTruthy();
    await user.click(screen.getByRole('combobox', { name: 'Model' }));
    expect(screen.queryByText('Elsewhere')).toBeNull();
    await user.click(await screen.findByText('Fast, 3.2 s a megapixel'));
    expect(params()).toEqual({ model: 'fast' });
  });

  it('edits code and an expression as text', () => {
    const { params } = setUp();
    fireEvent.change(box('Script'), { target: { value: 'return 1' } });
    fireEvent.change(box('Path'), { target: { value: '{{ item.name }}' } });
    expect(params()).toEqual({ script: 'return 1', path: '{{ item.name }}' });
    expect(screen.getByText('Worked out for each item')).toBeTruthy();
  });

  it('adds, edits and removes the entries of a list', async () => {
    const { user, params } = setUp();
    await user.click(screen.getByRole('button', { name: 'Add' }));
    await user.type(box('Word 1'), 'one');
    await user.click(screen.getByRole('button', { name: 'Add' }));
    expect(params()).toEqual({ words: ['one', ''] });
    await user.click(screen.getByRole('button', { name: 'Remove number 2' }));
    expect(params()).toEqual({ words: ['one'] });
  });

  it('keeps a name that is taken or forbidden out of a key-value param', async () => {
    const { user, params } = setUp();
    await user.click(screen.getByRole('button', { name: 'Add a field' }));
    await user.type(box('Name 1'), 'size');
    await user.type(box('Value 1'), 'L');
    await user.click(screen.getByRole('button', { name: 'Add a field' }));
    await user.type(box('Name 2'), '__proto__');
    await user.type(box('Value 2'), 'x');
    expect(params()).toEqual({ fields: { size: 'L' } });
  });

  it('removes a file, and says for each upload why it did not arrive', async () => {
    const file = { id: 'a'.repeat(64), kind: 'image', mime: 'image/png', bytes: 1200, name: 'me.png' };
    const { store, user, params } = setUp({ photos: [file] });
    expect(screen.getByText('me.png')).toBeTruthy();
    const upload = { id: 'u', node: 'n', param: 'photos', name: 'big.png', progress: 0.5 };
    store.getState().addUploads([upload]);
    expect(await screen.findByRole('progressbar', { name: 'Upload of big.png' })).toBeTruthy();
    store.getState().changeUpload('u', { error: 'big.png is no picture.' });
    expect(await screen.findByText('big.png is no picture.')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Dismiss the message about big.png' }));
    await user.click(screen.getByRole('button', { name: 'Remove me.png' }));
    expect(params()).toEqual({});
  });

  it('makes a run ask for a param, and stops it', async () => {
    const { store, user } = setUp();
    const ask = screen.getByRole('button', { name: 'Asked when run: Photos' });
    await user.click(ask);
    expect(store.getState().graph.inputs).toEqual([
      { key: 'photos', title: 'Photos', to: [{ node: 'n', param: 'photos' }] },
    ]);
    expect(ask.getAttribute('aria-pressed')).toBe('true');
    await user.click(ask);
    expect(store.getState().graph.inputs).toEqual([]);
  });

  it('renames the node: Enter takes the name, Escape gives it up', async () => {
    const { store, user } = setUp();
    const title = box('Name of the node');
    await user.clear(title);
    await user.type(title, 'Mine{Enter}');
    await expect.poll(() => store.getState().graph.nodes[0]?.name).toBe('Mine');
    await user.clear(title);
    await user.type(title, 'Other{Escape}');
    await expect.poll(() => document.activeElement).not.toBe(title);
    expect(store.getState().graph.nodes[0]?.name).toBe('Mine');
  });
});
