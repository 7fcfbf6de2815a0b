import type { RunEvent } from '@imaginarium/protocol';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { testTypes } from '../editor/testing/node-types.ts';
import { aRun, aStep, eventsOf, RUN_ID } from '../testing/a-run.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { RunScreen } from './RunScreen.tsx';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const show = () => renderAt(`/runs/${RUN_ID}`, '/runs/:id', <RunScreen />);

/** Stands for the live line: tells events as a test says. */
function liveLine() {
  const line = { after: -1, tell: (_events: RunEvent[]) => {}, stop: vi.fn() };
  vi.spyOn(client.live, 'watchRun').mockImplementation((_id, after, onEvents) => {
    Object.assign(line, { after, tell: (events: RunEvent[]) => act(() => onEvents(events)) });
    return line.stop;
  });
  return line;
}

const stepRow = (name: string) =>
  screen.getByRole('button', { name: `Details of ${name}` }).closest('li') as HTMLElement;

test('follows a run live: states, progress, log and end', async () => {
  const line = liveLine();
  fakeApi({ [`GET /runs/${RUN_ID}`]: { body: aRun() } });
  show();
  await screen.findByRole('heading', { name: 'Photo to carousel' });
  expect(line.after).toBe(0);
  expect(screen.getByText('Queued', { selector: 'span' })).toBeDefined();

  line.tell(
    eventsOf([
      { type: 'run.started' },
      { type: 'step.started', node: 'a', items: 1 },
      {
        ...{ type: 'step.progress', node: 'a', progress: 0.4, message: 'tile 4 of 10' },
        ...{ items: { done: 7, count: 20 }, leftMs: 41_000 },
      },
      { type: 'log', node: 'a', level: 'warn', message: 'No model is installed: resampled.' },
    ]),
  );
  expect(within(stepRow('Step a')).getByText('Running')).toBeDefined();
  expect(
    within(stepRow('Step a')).getByText('40% done · 7 of 20 items · about 40 s left · tile 4 of 10'),
  ).toBeDefined();
  expect(screen.getByText('No model is installed: resampled.')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Cancel run' })).toBeDefined();

  line.tell(eventsOf([{ type: 'run.finished', state: 'succeeded', creditsSpent: 25, error: null }], 5));
  expect(screen.getByRole('button', { name: 'Run again' })).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Cancel run' })).toBeNull();
  expect(line.stop).toHaveBeenCalled();
});

test('fetches what a step made once it has finished', async () => {
  const line = liveLine();
  const file = { id: 'a'.repeat(64), kind: 'image' as const, mime: 'image/png', bytes: 1, name: 'slide-1.png' };
  const made = { image: [{ id: 'i', file, fields: {}, from: [] }] };
  const steps = [aStep('a', { state: 'succeeded', outputs: made })];
  const { graph: _graph, ...changes } = aRun({ state: 'running', lastSeq: 1, cursor: 7, steps });
  const calls = fakeApi({
    [`GET /runs/${RUN_ID}`]: { body: aRun({ cursor: 4 }) },
    [`GET /runs/${RUN_ID}/changes`]: { body: changes },
  });
  show();
  await screen.findByRole('heading', { name: 'Photo to carousel' });
  line.tell(
    eventsOf([
      {
        type: 'step.finished',
        node: 'a',
        state: 'succeeded',
        durationMs: 1,
        items: { image: 1 },
        thumbnail: file,
        credits: 0,
        error: null,
        reason: null,
      },
    ]),
  );
  expect(await screen.findByRole('button', { name: 'Open slide-1.png large' })).toBeDefined();
  expect(calls.map(({ path }) => path)).toContain(`/runs/${RUN_ID}/changes?after=4`);
});

test('says why a step failed and what to do, and why the next was skipped', async () => {
  const error = {
    code: 'step-failed' as const,
    message: 'Needs 3.4 GB of memory.',
    node: 'a',
    remedy: 'Resize first.',
  };
  fakeApi({
    [`GET /runs/${RUN_ID}`]: {
      body: aRun({
        state: 'failed',
        error,
        steps: [
          aStep('a', { state: 'failed', error, attempts: 3 }),
          aStep('b', { state: 'skipped', reason: 'Nothing arrived.' }),
        ],
      }),
    },
    [`GET /runs/${RUN_ID}/events`]: { body: { events: [] } },
  });
  show();
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('“Step a” failed');
  expect(alert.textContent).toContain('Resize first.');
  expect(within(stepRow('Step a')).getByText('3 attempts')).toBeDefined();
  expect(within(stepRow('Step b')).getByText('Nothing arrived.')).toBeDefined();
});

test('says plainly that a run was interrupted, and runs it again', async () => {
  const next = '018f2f65-7a3b-7c4d-8e5f-00000000000b';
  const error = { code: 'run-interrupted' as const, message: 'The server stopped while this run was under way.' };
  const calls = fakeApi({
    [`GET /runs/${RUN_ID}`]: { body: aRun({ state: 'failed', error }) },
    [`GET /runs/${RUN_ID}/events`]: { body: { events: [] } },
    [`POST /runs/${RUN_ID}/repeat`]: { status: 202, body: { ...aRun(), id: next } },
    [`GET /runs/${next}`]: refusal(404, 'not-found', 'Gone.'),
  });
  const { router } = show();
  expect((await screen.findByRole('alert')).textContent).toContain('This run was interrupted');
  await userEvent.click(screen.getByRole('button', { name: 'Run again' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/runs/${next}`));
  expect(calls.some(({ method, path }) => method === 'POST' && path === `/runs/${RUN_ID}/repeat`)).toBe(true);
});

test('runs again from the failed step', async () => {
  const next = '018f2f65-7a3b-7c4d-8e5f-00000000000c';
  const error = { code: 'step-failed' as const, message: 'It broke.', node: 'a' };
  const calls = fakeApi({
    [`GET /runs/${RUN_ID}`]: { body: aRun({ state: 'failed', error }) },
    [`GET /runs/${RUN_ID}/events`]: { body: { events: [] } },
    [`POST /runs/${RUN_ID}/repeat`]: { status: 202, body: { ...aRun(), id: next } },
    [`GET /runs/${next}`]: refusal(404, 'not-found', 'Gone.'),
  });
  const { router } = show();
  await userEvent.click(await screen.findByRole('button', { name: 'Run again from the failed step' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/runs/${next}`));
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ from: 'failed' });
});

test('runs again with other inputs, which begin as those of the run', async () => {
  const next = '018f2f65-7a3b-7c4d-8e5f-00000000000d';
  const graph = {
    ...aRun().graph,
    nodes: [{ id: 'a', type: 'input.text', version: 1, name: 'A', params: { text: 'b' }, position: { x: 0, y: 0 } }],
    inputs: [{ key: 'caption', title: 'Caption', to: [{ node: 'a', param: 'text' }] }],
  };
  const calls = fakeApi({
    [`GET /runs/${RUN_ID}`]: { body: aRun({ state: 'succeeded', graph, inputs: { caption: 'Spring' } }) },
    [`GET /runs/${RUN_ID}/events`]: { body: { events: [] } },
    'GET /node-types': { body: { packages: [], types: testTypes } },
    [`POST /runs/${RUN_ID}/repeat`]: { status: 202, body: { ...aRun(), id: next } },
    [`GET /runs/${next}`]: refusal(404, 'not-found', 'Gone.'),
  });
  const { router } = show();
  expect(screen.queryByRole('button', { name: 'Run again from the failed step' })).toBeNull();
  await userEvent.click(await screen.findByRole('button', { name: 'Run again with other inputs…' }));
  // It is loaded when it is asked for.
  const dialog = await screen.findByRole('dialog');
  const field = await within(dialog).findByRole('textbox', { name: /Caption/ });
  expect(field).toHaveProperty('value', 'Spring');
  await userEvent.type(field, ' sale');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Run again' }));
  await waitFor(() => expect(router.state.location.pathname).toBe(`/runs/${next}`));
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ inputs: { caption: 'Spring sale' } });
});

test('shows the request id of a run that could not be loaded', async () => {
  fakeApi({ [`GET /runs/${RUN_ID}`]: refusal(404, 'not-found', 'There is no such run.') });
  show();
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('There is no such run.');
  expect(within(alert).getByText('req_test')).toBeDefined();
});

test('says which items of a step failed and why, the first ten of them', async () => {
  liveLine();
  const failedItems = Array.from({ length: 12 }, (_, index) => ({
    ...{ index, code: 'step-failed' as const, message: `picture ${index} is broken` },
    ...(index === 2 ? { name: 'mug.png' } : {}),
  }));
  const step = aStep('a', { state: 'succeeded', itemsIn: 20, itemsFailed: 12, failedItems });
  fakeApi({ [`GET /runs/${RUN_ID}`]: { body: aRun({ state: 'succeeded', steps: [step] }) } });
  show();
  await screen.findByText('12 items left out');
  const listed = within(stepRow('Step a')).getAllByText(/^Item /);
  expect(listed.map(({ textContent }) => textContent).slice(1, 3)).toEqual([
    'Item 2: picture 1 is broken',
    'Item 3 (mug.png): picture 2 is broken',
  ]);
  expect(listed).toHaveLength(10);
  expect(screen.getByText('and 2 more, as the log says')).toBeDefined();
});

test('a loop opens to its iterations: how all of them fared, those that failed, and the steps of one', async () => {
  const at = (ms: number) => new Date(Date.parse('2026-11-21T10:00:00.000Z') + ms).toISOString();
  const times = { startedAt: at(0), finishedAt: at(40) };
  const error = { code: 'step-failed' as const, message: 'No such field.' };
  const node = (id: string, parent?: string) => ({
    ...{ id, type: 'test.any', version: 1, name: `Step ${id}`, params: {}, position: { x: 0, y: 0 } },
    ...(parent === undefined ? {} : { parent }),
  });
  const iteration = { iteration: 'each#6', state: 'failed', ...times, credits: 0, error };
  const counts = { succeeded: 6, failed: 1 };
  fakeApi({
    [`GET /runs/${RUN_ID}`]: {
      body: aRun({
        state: 'succeeded',
        ...times,
        steps: [aStep('each', { state: 'succeeded', ...times, reason: '7 iterations.' })],
        inside: [{ node: 'a', states: counts, credits: 0 }],
        graph: { ...aRun().graph, nodes: [node('each'), node('a', 'each')] },
      }),
    },
    [`GET /runs/${RUN_ID}/events`]: { body: { events: [] } },
    [`GET /runs/${RUN_ID}/iterations`]: { body: { iterations: [iteration], total: 1, states: counts } },
    [`GET /runs/${RUN_ID}/steps`]: {
      body: { steps: [aStep('a', { iteration: 'each#6', state: 'failed', ...times, error })], total: 1 },
    },
  });
  show();
  await screen.findByRole('button', { name: 'Details of Step each' });
  expect(screen.queryByRole('button', { name: 'Details of Step a' })).toBeNull();
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await user.click(screen.getByRole('button', { name: 'Details of Step each' }));
  const inside = await screen.findByRole('region', { name: 'Inside of Step each' });
  expect(within(inside).getByText('Failed').closest('li')?.textContent).toContain('Step a');
  await user.click(await within(inside).findByRole('button', { name: /^Iterations of Step each: ?7 iterations/ }));
  const list = await screen.findByRole('listbox', { name: 'Iterations of Step each' });
  expect(within(list).getByText('No such field.')).toBeDefined();
  // What failed is listed by itself at first; Enter takes it.
  await waitFor(() => expect(document.activeElement).toBe(list));
  await user.keyboard('{Enter}');
  expect(
    within(await screen.findByRole('region', { name: 'Inside of Step each' })).getByText('Iteration 7 of 7'),
  ).toBeDefined();
  await screen.findByRole('button', { name: 'Details of Step a' });
  expect(within(stepRow('Step a')).getByText('No such field.')).toBeDefined();
});
