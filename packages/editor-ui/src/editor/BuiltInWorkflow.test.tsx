import { emptyGraph } from '@imaginarium/protocol';
import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { BuiltInWorkflow } from './BuiltInWorkflow.tsx';

afterEach(() => vi.unstubAllGlobals());

const id = '018f2f65-7a3b-7c4d-8e5f-00000000000a';
const workflow = { name: 'Upscale 4x', draft: emptyGraph() };

test('a workflow of the server is copied on demand, and the copy opened', async () => {
  const calls = fakeApi({
    'POST /workflows': { status: 201, body: { id } },
    'GET /workflows': { body: { workflows: [] } },
  });
  const { router } = renderAt('/', '/', <BuiltInWorkflow workflow={workflow} />);
  expect(screen.getByRole('heading', { name: 'Upscale 4x' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Make a workflow of it' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/workflows/${id}`));
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({
    name: 'Upscale 4x',
    graph: workflow.draft,
  });
});

test('a copy that is refused says why, and can be tried again', async () => {
  fakeApi({
    'POST /workflows': refusal(429, 'too-many-requests', 'Ten workflows were made in 15 minutes. Wait a little.'),
  });
  renderAt('/', '/', <BuiltInWorkflow workflow={workflow} />);
  await userEvent.click(screen.getByRole('button', { name: 'Make a workflow of it' }));
  expect(await screen.findByText(/Ten workflows were made/)).toBeTruthy();
});
