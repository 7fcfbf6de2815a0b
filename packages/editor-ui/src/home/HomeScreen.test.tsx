import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { aRun } from '../testing/a-run.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { HomeScreen } from './HomeScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const workflow = {
  id: '018f2f65-7a3b-7c4d-8e5f-0123456789ac',
  name: 'Photo to carousel',
  createdAt: '2026-11-21T10:00:00.000Z',
  updatedAt: '2026-11-21T10:00:00.000Z',
  latestVersion: null,
  nodeCount: 4,
  cover: null,
};
const { steps: _steps, graph: _graph, ...run } = aRun();
const lists = {
  'GET /workflows': { body: { workflows: [workflow] } },
  'GET /runs': { body: { runs: [run], nextCursor: null } },
};

test('shows the way to the ready workflow before anything ran', async () => {
  fakeApi({ ...lists, 'GET /runs': { body: { runs: [], nextCursor: null } } });
  renderAt('/', '/', <HomeScreen />);
  const open = await screen.findByRole('link', { name: 'Open Photo to carousel' });
  expect(open.getAttribute('href')).toBe(`/workflows/${workflow.id}`);
});

test('makes a workflow and opens it', async () => {
  const id = '018f2f65-7a3b-7c4d-8e5f-00000000000a';
  fakeApi({ ...lists, 'POST /workflows': { status: 201, body: { ...workflow, id } } });
  const { router } = renderAt('/', '/', <HomeScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'New workflow' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/workflows/${id}`));
});

test('brings a deleted workflow back on undo, without asking the server to delete it', async () => {
  const calls = fakeApi(lists);
  renderAt('/', '/', <HomeScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'More for Photo to carousel' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
  await waitFor(() => expect(screen.queryByRole('link', { name: 'Photo to carousel' })).toBeNull());
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  expect(await screen.findByRole('link', { name: 'Photo to carousel' })).toBeDefined();
  expect(calls.some(({ method }) => method === 'DELETE')).toBe(false);
});

test('deletes for good when the screen is left before the undo was used', async () => {
  const calls = fakeApi({ ...lists, [`DELETE /workflows/${workflow.id}`]: {} });
  const { unmount } = renderAt('/', '/', <HomeScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'More for Photo to carousel' }));
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
  unmount();
  await waitFor(() => expect(calls.some(({ method }) => method === 'DELETE')).toBe(true));
});

test('says what could not be loaded and tries again', async () => {
  let broken = true;
  fakeApi({
    ...lists,
    'GET /workflows': () => (broken ? refusal(500, 'internal', 'The database is away.') : lists['GET /workflows']),
  });
  renderAt('/', '/', <HomeScreen />);
  expect((await screen.findByRole('alert')).textContent).toContain('Your workflows could not be loaded');
  broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('link', { name: 'Photo to carousel' })).toBeDefined();
});

test('makes a workflow of a file and opens it, and says what is wrong with one that is none', async () => {
  const id = '018f2f65-7a3b-7c4d-8e5f-00000000000b';
  const calls = fakeApi({ ...lists, 'POST /workflows': { status: 201, body: { ...workflow, id } } });
  const { router } = renderAt('/', '/', <HomeScreen />);
  const input = await screen.findByTestId('workflow-file');
  await userEvent.upload(input, new File(['only words'], 'notes.json', { type: 'application/json' }));
  expect((await screen.findByRole('alert')).textContent).toContain('notes.json is not a workflow');
  const graph = { schema: 1, nodes: [], edges: [] };
  await userEvent.upload(input, new File([JSON.stringify(graph)], 'shop.json', { type: 'application/json' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/workflows/${id}`));
  expect(calls.find(({ method }) => method === 'POST')?.body).toMatchObject({ name: 'Shop', graph });
});
