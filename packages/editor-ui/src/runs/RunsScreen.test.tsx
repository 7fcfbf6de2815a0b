import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { aRun } from '../testing/a-run.ts';
import { fakeApi } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { RunsScreen } from './RunsScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const { steps: _steps, graph: _graph, ...run } = aRun({ state: 'succeeded' });
const other = { ...run, id: '018f2f65-7a3b-7c4d-8e5f-0000000000ff', workflowName: 'Older one' };
const workflows = { 'GET /workflows': { body: { workflows: [] } } };

test('takes its filter from the address and puts changes into it', async () => {
  const calls = fakeApi({ ...workflows, 'GET /runs': { body: { runs: [run], nextCursor: null } } });
  const { router } = renderAt('/runs?state=failed&workflow=not-an-id', '/runs', <RunsScreen />);
  await screen.findByRole('link', { name: 'Photo to carousel' });
  expect(calls.map(({ path }) => path)).toContain('/runs?state=failed&limit=40');
  await userEvent.click(screen.getByTitle('Done'));
  expect(router.state.location.search).toBe('?state=succeeded');
});

test('loads more where the last page ended', async () => {
  fakeApi({
    ...workflows,
    'GET /runs': ({ path }) => ({
      body: path.includes('cursor=next') ? { runs: [other], nextCursor: null } : { runs: [run], nextCursor: 'next' },
    }),
  });
  renderAt('/runs', '/runs', <RunsScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'Load more' }));
  expect(await screen.findByRole('link', { name: 'Older one' })).toBeDefined();
  expect(screen.getByRole('link', { name: 'Photo to carousel' })).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
});

test('teaches when nothing ran, and offers to clear filters that nothing fits', async () => {
  fakeApi({ ...workflows, 'GET /runs': { body: { runs: [], nextCursor: null } } });
  const { router } = renderAt('/runs?state=failed', '/runs', <RunsScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }));
  expect(router.state.location.search).toBe('');
  expect(await screen.findByText('Nothing has run yet')).toBeDefined();
});
