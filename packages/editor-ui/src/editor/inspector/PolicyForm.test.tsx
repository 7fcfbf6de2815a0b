import type { NodeDescription, NodePolicy } from '@imaginarium/protocol';
import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { useEditor } from '../store/use-editor.ts';
import { aStore, EditorProviders } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import { testTypes } from '../testing/node-types.ts';
import { PolicyForm } from './PolicyForm.tsx';

const REPEAT = { name: 'Repeat it if the server stops in the middle' };

const BODY: NodeDescription['body'] = {
  loop: 'each',
  gives: { item: { type: 'any', of: 'items' } },
  takes: { result: { type: 'any', into: 'results' } },
};

function setUp(
  effects: NodeDescription['effects'],
  { body, policy }: Partial<NodeDescription> & { policy?: NodePolicy } = {},
) {
  const [type] = testTypes as [NodeDescription];
  const graph = aGraph({ n: type.type, other: type.type });
  const nodes = graph.nodes.map((node) => (node.id === 'n' && policy ? { ...node, policy } : node));
  const store = aStore({ ...graph, nodes });
  function Form() {
    const node = useEditor((state) => state.graph.nodes[0]);
    return node ? <PolicyForm node={node} description={{ ...type, effects, ...(body ? { body } : {}) }} /> : null;
  }
  render(
    <EditorProviders store={store}>
      <Form />
    </EditorProviders>,
  );
  return { policy: () => store.getState().graph.nodes[0]?.policy };
}

it('lets a node with effects that must not be repeated be repeated after a crash, and takes it back', async () => {
  const { policy } = setUp('once');
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await user.click(screen.getByText('When it fails'));
  await user.click(screen.getByRole('switch', REPEAT));
  expect(policy()).toEqual({ onUnknownOutcome: 'retry' });
  await user.click(screen.getByRole('switch', REPEAT));
  expect(policy()).toBeUndefined();
});

it('does not ask where a repeat does no harm', () => {
  setUp('pure');
  expect(screen.queryByRole('switch', { ...REPEAT, hidden: true })).toBeNull();
});

it('sets how long it waits between tries, and says what that comes to', async () => {
  const { policy } = setUp('pure');
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await user.click(screen.getByText('When it fails'));
  const set = (name: string, value: string) =>
    fireEvent.change(screen.getByRole('spinbutton', { name }), { target: { value } });
  expect(screen.queryByRole('spinbutton', { name: 'First pause' })).toBeNull();
  set('Tries', '3');
  expect(screen.getByText(/^Waits 500 ms, 1.0 s before it tries again/)).toBeTruthy();
  set('Tries', '12');
  set('First pause', '60');
  set('Each pause times', '3');
  await user.click(screen.getByRole('switch', { name: 'Shorten pauses by chance' }));
  expect(policy()).toEqual({ retry: { attempts: 12, backoffMs: 60_000, factor: 3, jitter: false } });
  // 1, 3, 9, 27, 81, 243 minutes, then five times six hours.
  expect(screen.getByText(/^Waits 1 min, 3 min, 9 min …, 36 h 4 min in all/)).toBeTruthy();
});

describe('the policy of a loop', () => {
  const named = (name: string) => screen.queryByRole('spinbutton', { name, hidden: true });

  it('offers nothing that a loop does not do: no tries, no other node, no reuse', async () => {
    setUp('pure', { body: BODY });
    await userEvent.setup({ pointerEventsCheck: 0 }).click(screen.getByText('When it fails'));
    expect(named('Tries')).toBeNull();
    expect(named('Time limit per iteration')).not.toBeNull();
    expect(screen.queryByRole('switch', { name: 'Reuse earlier results', hidden: true })).toBeNull();
    fireEvent.mouseDown(screen.getByRole('combobox', { name: 'When an iteration fails' }));
    expect(screen.queryByText(/Use .* instead/)).toBeNull();
    expect(screen.getByText('Leave the iteration out')).toBeTruthy();
  });

  it('shows what an older graph says of tries, so that it can be taken back', async () => {
    const { policy } = setUp('idempotent', {
      body: BODY,
      policy: { retry: { attempts: 3, backoffMs: 500, factor: 2, jitter: true } },
    });
    await userEvent.setup({ pointerEventsCheck: 0 }).click(screen.getByText('When it fails'));
    const tries = named('Tries') as HTMLElement;
    fireEvent.change(tries, { target: { value: '1' } });
    expect(policy()).toBeUndefined();
    expect(named('Tries')).toBeNull();
  });
});
