import type { NodeDescription } from '@imaginarium/protocol';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { useEditor } from '../store/use-editor.ts';
import { aStore, EditorProviders } from '../testing/EditorProviders.tsx';
import { aGraph } from '../testing/graphs.ts';
import { testTypes } from '../testing/node-types.ts';
import { PolicyForm } from './PolicyForm.tsx';

const REPEAT = { name: 'Repeat it if the server stops in the middle' };

function setUp(effects: NodeDescription['effects']) {
  const [type] = testTypes as [NodeDescription];
  const store = aStore(aGraph({ n: type.type }));
  function Form() {
    const node = useEditor((state) => state.graph.nodes[0]);
    return node ? <PolicyForm node={node} description={{ ...type, effects }} /> : null;
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
