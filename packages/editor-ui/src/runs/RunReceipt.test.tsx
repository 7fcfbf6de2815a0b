import type { Receipt } from '@imaginarium/protocol';
import { screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { aRun, RUN_ID } from '../testing/a-run.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { RunReceipt } from './RunReceipt.tsx';

afterEach(() => vi.unstubAllGlobals());

const createdAt = '2026-11-21T10:00:00.000Z';
const AVATAR = { node: 'avatar', name: 'Avatar of Ana', type: 'generator.avatar' };
/** A charge from before names were kept. */
const SLIDES = { node: 'slides', name: null, type: null };
const receipt: Receipt = {
  ...{ runId: RUN_ID, account: 'wallet', state: 'released', priceVersion: 3 },
  ...{ reserved: 65, spent: 25, returned: 40, refunded: 0 },
  bundle: { title: 'Profile set', off: 5 },
  charges: [
    { ...AVATAR, iteration: '', credits: 5, createdAt },
    { ...SLIDES, iteration: 'each:0', credits: 10, createdAt },
    { ...SLIDES, iteration: 'each:1', credits: 10, createdAt },
  ],
};
const node = {
  id: 'avatar',
  type: 'generator.avatar',
  version: 1,
  name: 'My avatar',
  params: {},
  position: { x: 0, y: 0 },
};
const { graph, ...rest } = aRun({ state: 'failed', creditsQuoted: 65, creditsSpent: 25 });
const run = { ...rest, graph: { ...graph, nodes: [node] } };
const show = (shown = run) => renderAt('/', '/', <RunReceipt run={shown} />);
const answer = `GET /runs/${RUN_ID}/receipt`;
const lines = async () =>
  within(await screen.findByRole('table', { name: 'Receipt' }))
    .getAllByRole('row')
    .map(({ textContent }) => textContent);

test('shows what each step was charged, who paid, what a bundle took off and what came back', async () => {
  fakeApi({ [answer]: { body: receipt } });
  show();
  expect(await lines()).toEqual([
    ...['StepCredits', 'Avatar of Ana · generator.avatar5', 'slides · charged 2 times20'],
    ...['Spent25', 'Set aside65', 'Given back at the end40'],
  ]);
  expect(screen.getByText(/Paid from the wallet of this workspace · prices of version 3/)).toBeDefined();
  expect(screen.getByText('Profile set takes 5 credits off, from the first steps on')).toBeDefined();
  expect(screen.getByRole('link', { name: 'Show in the ledger' }).getAttribute('href')).toBe(`/wallet?run=${RUN_ID}`);
});

test('says what is still set aside, what was refunded, and when no wallet paid', async () => {
  fakeApi({
    [answer]: {
      body: {
        ...receipt,
        account: 'source',
        state: 'open',
        spent: 0,
        returned: 0,
        refunded: 7,
        bundle: null,
        charges: [],
      },
    },
  });
  show();
  expect(await lines()).toEqual([
    ...['StepCredits', 'Nothing was charged.0'],
    ...['Spent0', 'Set aside65', 'Still set aside65', 'Refunded7'],
  ]);
  expect(screen.getByText(/^Only counted/)).toBeDefined();
});

test('asks for no receipt of a free run, and shows none where there is none', async () => {
  const calls = fakeApi({});
  const { unmount } = show({ ...run, creditsQuoted: 0, creditsSpent: 0 });
  expect(calls).toEqual([]);
  unmount();
  show();
  await waitFor(() => expect(screen.queryByRole('heading', { name: 'Receipt' })).toBeNull());
  expect(calls).toHaveLength(1);
});

test('says when it could not be loaded', async () => {
  fakeApi({ [answer]: refusal(500, 'internal', 'It broke.') });
  show();
  expect(await screen.findByText('The receipt could not be loaded')).toBeDefined();
});
