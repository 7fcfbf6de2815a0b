import type { Usage, UsageRow } from '@imaginarium/protocol';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RUN_ID } from '../testing/a-run.ts';
import { type FakeCall, fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { UsageScreen } from './UsageScreen.tsx';

beforeEach(() =>
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  ),
);
afterEach(() => vi.unstubAllGlobals());

const sums = { steps: 4, items: 5, credits: 1060, refunded: 10, durationMs: 4200 };
const none = { day: null, workflow: null, nodeType: null, person: null };
const rows: Partial<Record<string, UsageRow[]>> = {
  type: [
    { ...none, ...sums, nodeType: 'upscaler.standard' },
    { ...none, ...sums, credits: 0, steps: 0, items: 0, durationMs: 0 },
  ],
  workflow: [{ ...none, ...sums, workflow: { id: RUN_ID, name: 'Photo to carousel' } }],
  person: [{ ...none, ...sums, person: { id: 'ada', name: null } }],
  day: [{ ...none, ...sums, day: '2026-11-02' }],
  'day-type': [{ ...none, ...sums, day: '2026-11-02', nodeType: 'upscaler.standard' }],
};
function answer({ path }: FakeCall): { body: Usage } {
  const by = (new URL(path, 'http://x').searchParams.get('by') ?? 'day') as Usage['by'];
  return { body: { from: '2026-11-01', to: '2026-11-30', by, rows: rows[by] ?? [], total: sums } };
}
const types = { body: { types: [], packages: [] } };
const show = (address = '/usage') => renderAt(address, '/usage', <UsageScreen />);
const lines = (table: HTMLElement) =>
  within(table)
    .getAllByRole('row')
    .map((line) => line.textContent);

test('shows what was used by node type with its sum, and the chart as a table too', async () => {
  const calls = fakeApi({ 'GET /usage': answer, 'GET /node-types': types });
  show();
  const table = await screen.findByRole('table', { name: 'Usage' });
  expect(lines(table)).toEqual([
    'Node typeCreditsGiven backStepsItemsTime',
    'upscaler.standard1,06010454.2 s',
    'Refunds010000 ms',
    'Total1,06010454.2 s',
  ]);
  expect(await screen.findByRole('img', { name: 'Credits of each day by node type' })).toBeDefined();
  await userEvent.click(screen.getByText('Show the chart as a table'));
  expect(lines(screen.getByRole('table', { name: 'Credits of each day by node type' }))).toEqual([
    'Dayupscaler.standard',
    'Nov 2, 20261,060',
  ]);
  expect(
    calls
      .map(({ path }) => path)
      .filter((path) => path.startsWith('/usage'))
      .sort(),
  ).toEqual([...['/usage?by=day-type', '/usage?by=type']]);
});

test('keeps in the address what is looked at, and looks at one row alone', async () => {
  fakeApi({ 'GET /usage': answer, 'GET /node-types': types });
  const { router } = show('/usage?by=workflow&from=2026-11-01&type=upscaler.standard');
  await userEvent.click(await screen.findByRole('link', { name: 'Photo to carousel' }));
  expect(router.state.location.search).toBe(`?from=2026-11-01&workflow=${RUN_ID}&type=upscaler.standard`);
  await userEvent.click(screen.getByRole('button', { name: 'One node type only' }));
  expect(router.state.location.search).toBe(`?from=2026-11-01&workflow=${RUN_ID}`);
  const csv = screen.getByRole('link', { name: 'Download CSV' });
  expect(csv.getAttribute('href')).toBe(`/api/v1/usage.csv?from=2026-11-01&workflowId=${RUN_ID}&by=type`);
  await router.navigate('/usage?by=person');
  expect(await screen.findByRole('link', { name: 'Somebody who left' })).toBeDefined();
});

test('takes nothing from the address that the server would refuse', async () => {
  const calls = fakeApi({ 'GET /usage': answer, 'GET /node-types': types });
  show('/usage?by=hour&from=2026-02-30&to=x&workflow=1%20OR%201');
  await screen.findByRole('table', { name: 'Usage' });
  expect(calls.map(({ path }) => path)).toContain('/usage?by=type');
});

test('says where nothing was used, and what could not be loaded', async () => {
  fakeApi({ 'GET /usage': (call) => ({ body: { ...answer(call).body, rows: [] } }), 'GET /node-types': types });
  const { router } = show();
  expect(await screen.findByText('Nothing was used in these days')).toBeDefined();
  fakeApi({ 'GET /usage': refusal(500, 'internal', 'It broke.'), 'GET /node-types': types });
  await router.navigate('/usage?from=2026-10-01');
  expect(await screen.findByText('What was used could not be loaded')).toBeDefined();
});
