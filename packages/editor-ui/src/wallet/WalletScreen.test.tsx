import type { Transfer, Wallet } from '@imaginarium/protocol';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { RUN_ID } from '../testing/a-run.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { WalletScreen } from './WalletScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const wallet: Wallet = {
  mode: 'metered',
  ...{ balance: 1500, reserved: 60, available: 1440, spent: 200 },
  budget: { month: '2026-11', amount: null, used: 200, left: null, beginsAgain: '2026-12-01T00:00:00.000Z' },
  currency: { code: 'IDR', perCredit: 100 },
  mayBuy: false,
  mayManage: false,
  mayBill: false,
};
const charge: Transfer = {
  id: '018f2f65-7a3b-7c4d-8e5f-000000000001',
  ...{ kind: 'charge', amount: 60, change: -60, balance: 1440 },
  ...{
    runId: RUN_ID,
    workflowName: 'Photo to carousel',
    node: 'up',
    nodeName: 'Enlarge',
    nodeType: 'upscaler.standard',
    iteration: '',
  },
  ...{ actor: null, actorName: null, reason: null },
  createdAt: '2026-11-21T10:00:00.000Z',
};
const grant: Transfer = {
  ...charge,
  id: '018f2f65-7a3b-7c4d-8e5f-000000000002',
  ...{ kind: 'grant', amount: 1000, change: 1000, balance: 1500 },
  ...{
    runId: null,
    workflowName: null,
    node: null,
    nodeName: null,
    nodeType: null,
    actor: 'someone',
    actorName: 'Ana',
    reason: 'Budget',
  },
};
const page = (transfers: Transfer[], nextCursor: string | null = null) => ({ body: { transfers, nextCursor } });
const show = (address = '/wallet') => renderAt(address, '/wallet', <WalletScreen />);
const cells = (row: HTMLElement) =>
  within(row)
    .getAllByRole('cell')
    .map((cell) => cell.textContent);

test('shows what there is with what it is worth, and the ledger line by line', async () => {
  fakeApi({ 'GET /credits': { body: wallet }, 'GET /credits/transfers': page([charge, grant]) });
  const { container } = show();
  const table = await screen.findByRole('table', { name: 'Ledger' });
  const [, first, second] = within(table).getAllByRole('row');
  expect(cells(first as HTMLElement).slice(1)).toEqual([
    'Charge',
    'Photo to carouselEnlargeupscaler.standard',
    '-60',
    '1,440',
  ]);
  expect(cells(second as HTMLElement).slice(1)).toEqual(['Grant', 'Budgetby Ana', '+1,000', '1,500']);
  expect(within(table).getByRole('link', { name: 'Photo to carousel' }).getAttribute('href')).toBe(`/runs/${RUN_ID}`);
  const figures = [...container.querySelectorAll('dl > div')].map(({ textContent }) => textContent);
  expect(figures).toEqual([
    expect.stringMatching(/^Available1,440IDR\s144,000/),
    expect.stringMatching(/^Set aside for runs60IDR\s6,000/),
    expect.stringMatching(/^Balance1,500IDR\s150,000/),
    expect.stringMatching(/^Spent so far200IDR\s20,000/),
  ]);
  expect(screen.queryByRole('heading', { name: 'Give credits' })).toBeNull();
});

test('says plainly that credits are not limited, and which charges were only counted', async () => {
  fakeApi({
    'GET /credits': { body: { ...wallet, mode: 'unlimited', balance: 0 } },
    'GET /credits/transfers': page([{ ...charge, change: 0, balance: null }]),
  });
  show();
  expect(await screen.findByText('Credits are not limited on this server')).toBeDefined();
  expect(screen.queryByText('Available')).toBeNull();
  const [, row] = within(await screen.findByRole('table')).getAllByRole('row');
  expect(cells(row as HTMLElement).slice(3)).toEqual(['only counted 60', '–']);
});

test.each([
  ['nothing', { available: 100 }, undefined],
  ['that few are left', { available: 99, reserved: 0 }, /^Few credits are left.*can give more\. $/],
  ['that none are left, and what may come back', { available: 0 }, /^No credits are left.*comes back when they end\.$/],
  ['nothing where credits are not limited', { available: 0, mode: 'unlimited' }, undefined],
] as const)('says of a low wallet %s', async (_what, change, said) => {
  fakeApi({ 'GET /credits': { body: { ...wallet, ...change } }, 'GET /credits/transfers': page([]) });
  show();
  await screen.findByText('Balance');
  await screen.findByText('No credit has moved yet');
  const text = screen.queryByRole('status')?.textContent;
  if (said) expect(text).toMatch(said);
  else expect(text).toBeUndefined();
});

test('narrows the ledger and its download by what the address says, days of the person both included', async () => {
  const calls = fakeApi({ 'GET /credits': { body: wallet }, 'GET /credits/transfers': page([charge]) });
  const { router } = show(`/wallet?kind=charge&from=2026-11-01&to=2026-11-30&run=${RUN_ID}&other=x`);
  await screen.findByRole('table');
  const asked = new URLSearchParams(calls.find(({ path }) => path.includes('transfers?'))?.path.split('?')[1]);
  const from = new Date(2026, 10, 1).toISOString();
  const to = new Date(2026, 11, 1).toISOString();
  expect(Object.fromEntries(asked)).toEqual({ kind: 'charge', runId: RUN_ID, from, to, limit: '50' });
  const csv = new URL(screen.getByRole('link', { name: 'Download CSV' }).getAttribute('href') ?? '', 'http://x');
  expect(csv.pathname).toBe('/api/v1/credits/transfers.csv');
  expect(Object.fromEntries(csv.searchParams)).toEqual({ kind: 'charge', runId: RUN_ID, from, to });
  await userEvent.click(screen.getByRole('button', { name: 'One run only' }));
  expect(router.state.location.search).toBe('?kind=charge&from=2026-11-01&to=2026-11-30');
});

test('asks nothing of the server that it would refuse', async () => {
  const calls = fakeApi({ 'GET /credits': { body: wallet }, 'GET /credits/transfers': page([]) });
  show('/wallet?kind=gift&from=yesterday&to=2026-99-99&run=7');
  expect(await screen.findByText('No credit has moved yet')).toBeDefined();
  expect(calls.map(({ path }) => path)).toContain('/credits/transfers?limit=50');
});

test('goes on to older entries, and teaches when nothing fits the filters', async () => {
  fakeApi({
    'GET /credits': { body: wallet },
    'GET /credits/transfers': ({ path }) =>
      path.includes('kind=') ? page([]) : path.includes('cursor=older') ? page([grant]) : page([charge], 'older'),
  });
  const { router } = show();
  await userEvent.click(await screen.findByRole('button', { name: 'Show older entries' }));
  expect(await screen.findByText('Budget')).toBeDefined();
  await router.navigate('/wallet?kind=refund');
  await userEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }));
  expect(router.state.location.search).toBe('');
});

test('says what could not be loaded', async () => {
  fakeApi({
    'GET /credits': refusal(500, 'internal', 'It broke.'),
    'GET /credits/transfers': refusal(500, 'internal', 'It broke.'),
  });
  show();
  expect(await screen.findByText('The wallet could not be loaded')).toBeDefined();
  expect(await screen.findByText('The ledger could not be loaded')).toBeDefined();
});

const OWN = '018f2f65-7a3b-7c4d-8e5f-0000000000a1';
const OTHER = '018f2f65-7a3b-7c4d-8e5f-0000000000a2';
const session = {
  user: { id: '018f2f65-7a3b-7c4d-8e5f-0000000000b1', name: 'Ana', email: 'ana@example.com' },
  workspace: { id: OWN, name: "Ana's workspace", role: 'owner' },
};
const wallets = [
  { workspaceId: OWN, name: "Ana's workspace", balance: 1500, reserved: 0 },
  { workspaceId: OTHER, name: 'Studio', balance: 0, reserved: 0 },
];

test('shows what is left of the budget, and lets the owner of the workspace change and end it', async () => {
  let budget = { ...wallet.budget, amount: 1000 as number | null, used: 850, left: 150 as number | null };
  const calls = fakeApi({
    'GET /session': { body: session },
    'GET /credits': () => ({ body: { ...wallet, budget } }),
    'GET /credits/transfers': page([]),
    'PUT /credits/budget': ({ body }) => {
      const { amount } = body as { amount: number | null };
      budget = { ...budget, amount, left: amount === null ? null : amount - 850 };
      return { body: budget };
    },
  });
  show();
  expect(await screen.findByText('850 of 1,000 credits went to runs of this month.')).toBeDefined();
  expect(screen.getByText('Only 150 are left until it begins again on Dec 1, 2026.')).toBeDefined();
  await userEvent.click(await screen.findByRole('button', { name: 'Change the budget' }));
  const amount = screen.getByLabelText('Credits in a month');
  for (const wrong of ['0', '1.5', '-1', '1e3']) {
    await userEvent.clear(amount);
    await userEvent.type(amount, wrong);
    await userEvent.click(screen.getByRole('button', { name: 'Save the budget' }));
    expect(screen.getByText('Write a whole number from 1 to 1,000,000,000,000.')).toBeDefined();
  }
  await userEvent.clear(amount);
  await userEvent.type(amount, '2000');
  await userEvent.click(screen.getByRole('button', { name: 'Save the budget' }));
  expect(await screen.findByText('1,150 are left until it begins again on Dec 1, 2026.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Change the budget' }));
  await userEvent.click(screen.getByRole('button', { name: 'End the budget' }));
  expect(await screen.findByText('850 credits went to runs of this month. There is no budget.')).toBeDefined();
  expect(calls.filter(({ method }) => method === 'PUT').map(({ body }) => body)).toEqual([
    { amount: 2000 },
    { amount: null },
  ]);
});

test('lets the owner give credits once, whatever becomes of the answer', async () => {
  const keys: (string | undefined)[] = [];
  let answers = 0;
  const calls = fakeApi({
    'GET /credits': { body: { ...wallet, mayManage: true } },
    'GET /credits/transfers': page([]),
    'GET /session': { body: session },
    'GET /credits/wallets': { body: { wallets } },
    'POST /credits/grants': () =>
      ++answers === 1 ? refusal(500, 'internal', 'It broke.') : { status: 201, body: grant },
  });
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) => {
    if (init?.method === 'POST') keys.push(new Headers(init.headers).get('idempotency-key') ?? undefined);
    return fetch(input, init);
  });
  show();
  const amount = await screen.findByLabelText('Credits');
  const give = async () => userEvent.click(await screen.findByRole('button', { name: /Give credits$/ }));
  await userEvent.type(amount, '1.5');
  await give();
  expect(screen.getByText('Write a whole number from 1 to 1,000,000,000,000.')).toBeDefined();
  expect(screen.getByText('Say why, so that the ledger can be read later.')).toBeDefined();
  // Yours unless another is chosen.
  expect(await screen.findByText("Ana's workspace (yours) · 1,500 credits")).toBeDefined();
  await userEvent.click(screen.getByRole('combobox', { name: 'To' }));
  await userEvent.click(await screen.findByTitle('Studio · 0 credits'));
  await userEvent.clear(amount);
  await userEvent.type(amount, '1000');
  await userEvent.type(screen.getByLabelText('Reason'), ' Budget ');
  await give();
  expect(await screen.findByText('No credits were given')).toBeDefined();
  await give();
  expect(await screen.findByText('1,000 credits were given to Studio.')).toBeDefined();
  expect(calls.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    { workspaceId: OTHER, amount: 1000, reason: 'Budget' },
    { workspaceId: OTHER, amount: 1000, reason: 'Budget' },
  ]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});

test('leads whoever may buy to the page of the payment, for the price that it said', async () => {
  const assign = vi.fn();
  vi.stubGlobal('location', { ...window.location, assign });
  const calls = fakeApi({
    'GET /credits': { body: { ...wallet, mayBuy: true } },
    'GET /credits/transfers': page([]),
    'POST /credits/checkout': { status: 201, body: { url: 'https://checkout.example/cs_1' } },
  });
  show('/wallet?bought=500');
  expect(await screen.findByText('500 credits come into the wallet once the payment is confirmed.')).toBeDefined();
  const amount = screen.getByLabelText('Credits to buy');
  await userEvent.type(amount, '0');
  await userEvent.click(screen.getByRole('button', { name: 'Go to payment' }));
  expect(screen.getByText('Write a whole number from 1 to 1,000,000,000,000.')).toBeDefined();
  await userEvent.clear(amount);
  await userEvent.type(amount, '250');
  expect(screen.getByText(/^IDR\s25,000/)).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Go to payment' }));
  await waitFor(() => expect(assign).toHaveBeenCalledWith('https://checkout.example/cs_1'));
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ credits: 250 });
});

test('lets the owner say whom a workspace is billed as, and shows which reports wait for them', async () => {
  const state = {
    reports: { due: 2, sent: 40, refused: 1, unknown: 0 },
    open: [
      {
        ...{ id: RUN_ID, workspaceId: OTHER, name: 'Studio', credits: 25, usedAt: '2026-11-21T10:00:00.000Z' },
        ...{ state: 'refused', error: 'No such customer: cus_gone' },
      },
    ],
    short: [{ purchase: 'cs_7', workspaceId: OTHER, name: 'Studio', missing: 340 }],
    customers: [{ workspaceId: OTHER, name: 'Studio', customerId: 'cus_gone' }],
  };
  const saved = { ...state, open: [], customers: [{ workspaceId: OTHER, name: 'Studio', customerId: 'cus_new' }] };
  const calls = fakeApi({
    'GET /credits': { body: { ...wallet, mayManage: true, mayBill: true } },
    'GET /credits/transfers': page([]),
    'GET /session': { body: session },
    'GET /credits/wallets': { body: { wallets } },
    'GET /billing': { body: state },
    [`PUT /billing/customers/${OTHER}`]: { body: saved },
  });
  show();
  expect(await screen.findByText('Studio, 25 credits: No such customer: cus_gone')).toBeDefined();
  expect(screen.getByText(/40 reports sent, 2 due/)).toBeDefined();
  expect(screen.getByText('Studio: 340 credits of the purchase cs_7 were not taken back')).toBeDefined();
  expect(await screen.findByText('Nobody is billed for it.')).toBeDefined();
  const customer = screen.getByLabelText('Studio is billed as');
  await userEvent.clear(customer);
  await userEvent.type(customer, ' cus_new {Enter}');
  await waitFor(() => expect(screen.queryByText(/No such customer/)).toBeNull());
  expect(calls.find(({ method }) => method === 'PUT')?.body).toEqual({ customerId: 'cus_new' });
  expect((await screen.findByLabelText('Studio is billed as')).getAttribute('value')).toBe('cus_new');
});

test('asks nothing of billing where nothing is billed', async () => {
  const calls = fakeApi({
    'GET /credits': { body: { ...wallet, mayManage: true } },
    'GET /credits/transfers': page([]),
    'GET /session': { body: session },
    'GET /credits/wallets': { body: { wallets } },
  });
  show();
  expect(await screen.findByRole('heading', { name: 'Give credits' })).toBeDefined();
  expect(screen.queryByRole('heading', { name: 'Billing' })).toBeNull();
  expect(calls.map(({ path }) => path)).not.toContain('/billing');
});
