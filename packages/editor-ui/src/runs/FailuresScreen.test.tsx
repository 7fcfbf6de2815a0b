import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { aRun } from '../testing/a-run.ts';
import { fakeApi } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { FailuresScreen } from './FailuresScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const { steps: _steps, graph: _graph, waitsFor: _waitsFor, cursor: _cursor, ...detail } = aRun({ state: 'failed' });
const aFailure = (id: string, workflowName: string) => ({
  ...detail,
  ...{ id: `018f2f65-7a3b-7c4d-8e5f-00000000000${id}`, workflowName },
  error: { code: 'step-failed', message: `No picture in ${workflowName}.` } as const,
});
const runs = [aFailure('1', 'First'), aFailure('2', 'Second')];
const [first, second] = runs.map(({ id }) => id);
const workflows = { 'GET /workflows': { body: { workflows: [] } } };
const filterOf = { body: { runs, nextCursor: null } };

test('shows failed runs with why, and asks only for those that nobody has dealt with', async () => {
  const calls = fakeApi({ ...workflows, 'GET /runs': filterOf });
  renderAt('/runs/failed?error=step-failed&within=day', '/runs/failed', <FailuresScreen />);
  expect(await screen.findByText('No picture in First.')).toBeDefined();
  const asked = new URLSearchParams(calls.find(({ path }) => path.startsWith('/runs?'))?.path.slice(5));
  expect(Object.fromEntries(asked)).toMatchObject({ dismissed: 'false', errorCode: 'step-failed' });
  expect(Date.now() - Date.parse(asked.get('createdAfter') ?? '')).toBeLessThan(24.1 * 3_600_000);
  expect(screen.getByRole('button', { name: 'Dismiss' })).toHaveProperty('disabled', true);
});

test('runs the marked ones again, and says which of them cannot be', async () => {
  const results = [
    { runId: first, run: { ...detail, state: 'queued' }, error: null },
    { runId: second, run: null, error: { code: 'file-missing', message: 'photo.jpg is gone.' } },
  ];
  const calls = fakeApi({ ...workflows, 'GET /runs': filterOf, 'POST /runs/repeat': { body: { results } } });
  renderAt('/runs/failed', '/runs/failed', <FailuresScreen />);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Mark all' }));
  expect(screen.getByText('2 runs marked')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Run again from the failed step' }));
  expect(await screen.findByText('1 run was started again.')).toBeDefined();
  expect(await screen.findByText('1 run was not: photo.jpg is gone.')).toBeDefined();
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ runIds: [first, second], from: 'failed' });
});

test('runs more again than the API takes at once', async () => {
  const many = Array.from({ length: 60 }, (_, index) => aFailure(`0${index}`.slice(-2), `Run ${index}`)).map(
    (failure, index) => ({ ...failure, id: `018f2f65-7a3b-7c4d-8e5f-0000000001${String(index).padStart(2, '0')}` }),
  );
  const calls = fakeApi({
    ...workflows,
    'GET /runs': { body: { runs: many, nextCursor: null } },
    'POST /runs/repeat': ({ body }) => ({
      body: {
        results: (body as { runIds: string[] }).runIds.map((runId) => ({
          runId,
          run: { ...detail, id: runId },
          error: null,
        })),
      },
    }),
  });
  renderAt('/runs/failed', '/runs/failed', <FailuresScreen />);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Mark all' }));
  await userEvent.click(screen.getByRole('button', { name: 'Run again' }));
  expect(await screen.findByText('60 runs were started again.')).toBeDefined();
  const sizes = calls.flatMap(({ method, body }) =>
    method === 'POST' ? [(body as { runIds: [] }).runIds.length] : [],
  );
  expect(sizes).toEqual([50, 10]);
});

test('dismisses the marked ones, and teaches when nothing is left', async () => {
  let left = runs;
  const calls = fakeApi({
    ...workflows,
    'GET /runs': () => ({ body: { runs: left, nextCursor: null } }),
    'POST /runs/dismiss': () => {
      left = [];
      return { body: { dismissed: 1 } };
    },
  });
  renderAt('/runs/failed', '/runs/failed', <FailuresScreen />);
  await userEvent.click(await screen.findByRole('checkbox', { name: 'Mark the run of Second' }));
  await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(await screen.findByText('No failed run needs you')).toBeDefined();
  await waitFor(() => expect(calls.find(({ path }) => path === '/runs/dismiss')?.body).toEqual({ runIds: [second] }));
});
