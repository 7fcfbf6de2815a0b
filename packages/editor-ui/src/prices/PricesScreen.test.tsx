import type { PriceListWithHistory, Prices, Wallet } from '@imaginarium/protocol';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type FakeCall, fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { PricesScreen } from './PricesScreen.tsx';

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

const currency = { code: 'IDR', perCredit: 100 };
const prices: Prices = {
  rules: [
    { type: 'upscaler.standard', credits: 15, per: 'item', batch: { from: 5, percentOff: 20 }, limit: 20 },
    { type: 'generator.pose', credits: 15, per: 'item' },
    {
      ...{ type: 'upscaler.to-size', credits: 75, per: 'item' },
      choices: { param: 'target', credits: { '2k': 15, '4k': 35 } },
    },
  ],
  bundles: [{ id: 'both', title: 'Pose and standard', types: ['generator.pose', 'upscaler.standard'], off: 5 }],
  currency,
};
const published = { version: 2, createdBy: 'Ana', createdAt: '2026-11-21T10:00:00.000Z' };
const list: PriceListWithHistory = {
  ...{ version: 2, ...prices },
  history: [published, { ...published, version: 1 }, { version: 0, createdBy: null, createdAt: null }],
};
const wallet: Wallet = {
  ...{
    mode: 'metered',
    balance: 0,
    reserved: 0,
    available: 0,
    spent: 0,
    currency,
    budget: { month: '2026-11', amount: null, used: 0, left: null, beginsAgain: '2026-12-01T00:00:00.000Z' },
    mayBuy: false,
    mayManage: true,
    mayBill: false,
  },
};
const priced = (total: number) => ({ total, least: total, most: total, refused: null });
const effect = {
  version: 2,
  workflows: [{ id: null, name: 'Photo to carousel', before: priced(40), after: priced(42) }],
};

function show(changes: Parameters<typeof fakeApi>[0] = {}, mayManage = true) {
  const calls = fakeApi({
    'GET /prices': ({ path }: FakeCall) => ({ body: path.includes('version=1') ? { ...list, ...old } : list }),
    'GET /credits': { body: { ...wallet, mayManage } },
    'GET /node-types': { body: { types: [], packages: [] } },
    'POST /prices/preview': { body: effect },
    ...changes,
  });
  renderAt('/prices', '/prices', <PricesScreen />);
  return calls;
}
const old = { version: 1, rules: [{ type: 'upscaler.standard', credits: 9, per: 'item' as const }] };
const field = (name: string) => screen.findByRole('textbox', { name });
const type = async (name: string, value: string) => {
  const input = await field(name);
  fireEvent.change(input, { target: { value } });
  fireEvent.blur(input);
};

test('everybody reads the prices, and only the owner of the server edits them', async () => {
  show({}, false);
  const table = await screen.findByRole('table', { name: 'Node types' });
  const rows = within(table).getAllByRole('row').slice(1);
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    'upscaler.standard15 credits an item20% off from 520',
    'generator.pose15 credits an item––',
    'upscaler.to-size75 credits an item · 2k: 15 · 4k: 35––',
  ]);
  expect(screen.getByText('Pose and standard: 5 credits off')).toBeDefined();
  expect(screen.queryByRole('textbox')).toBeNull();
});

test('shows what a draft would change before it is published, then publishes it as the next version', async () => {
  const calls = show({ 'PUT /prices': { body: { ...list, version: 3 } } });
  expect((await screen.findByRole('button', { name: 'Publish version 3' })).hasAttribute('disabled')).toBe(true);
  await type('Credits: upscaler.standard', '16');
  const table = await screen.findByRole('table', { name: 'What it changes' });
  await within(table).findByText('Photo to carousel');
  expect(
    within(table)
      .getAllByRole('row')
      .slice(1)
      .map(({ textContent }) => textContent),
  ).toEqual([
    'Photo to carousel · built in workflow4042',
    'upscaler.standard · 1 item1516',
    'upscaler.standard · 5 items6064',
    'upscaler.standard · 20 items240256',
    'Pose and standard · bundle, one of each2526',
  ]);
  await type('4k: upscaler.to-size', '40');
  await userEvent.click(screen.getByRole('button', { name: 'Publish version 3' }));
  await waitFor(() => expect(calls.some(({ method }) => method === 'PUT')).toBe(true));
  expect(calls.find(({ method }) => method === 'PUT')?.body).toEqual({
    after: 2,
    prices: {
      ...prices,
      rules: [
        { ...prices.rules[0], credits: 16 },
        prices.rules[1],
        { ...prices.rules[2], choices: { param: 'target', credits: { '2k': 15, '4k': 40 } } },
      ],
    },
  });
  expect(await screen.findByText('Version 3 counts now.')).toBeDefined();
});

test('says what is wrong beside the field, asks nobody for the effect, and publishes nothing', async () => {
  const calls = show();
  await type('Credits: generator.pose', '1.5');
  expect(screen.getByText('A whole number from 0.')).toBeDefined();
  expect((await field('Credits: generator.pose')).getAttribute('aria-invalid')).toBe('true');
  await type('Batch from: generator.pose', '1');
  expect(screen.getByText('A whole number from 2.')).toBeDefined();
  await type('2k: upscaler.to-size', '-1');
  await type('Worth of one credit', '0');
  expect(screen.getByText('A number above 0.')).toBeDefined();
  await type('Discount of Pose and standard', '');
  expect(screen.getByText('A whole number from 1.')).toBeDefined();
  expect(await screen.findByText(/things in the draft are not right yet/)).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Publish version 3' }));
  await waitFor(async () => expect(document.activeElement).toBe(await field('Credits: generator.pose')));
  expect(calls.some(({ method, path }) => method === 'PUT' || (path.includes('preview') && method === 'GET'))).toBe(
    false,
  );
});

test('gives the choices in a node prices of their own, and takes them away again', async () => {
  const option = (value: string) => ({ value, label: `${value} format` });
  const format = { kind: 'choice', title: 'Format', default: 'png', options: ['png', 'tiff'].map(option) };
  const speed = { kind: 'choice', title: 'Speed', default: 'fast', options: [option('slow')] };
  const older = { type: 'upscaler.standard', version: 1, title: 'Upscale', params: {} };
  const types = [older, { ...older, version: 2, title: 'Upscale 4x', params: { format, speed } }];
  const calls = show({
    'GET /node-types': { body: { types, packages: [] } },
    'PUT /prices': { body: { ...list, version: 3 } },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Other prices of Upscale 4x by a choice' }));
  // What nobody has priced yet costs what the others cost, and changes nothing.
  expect((await field('tiff format: Upscale 4x')).getAttribute('placeholder')).toBe('15');
  expect(screen.getByRole('button', { name: 'Publish version 3' }).hasAttribute('disabled')).toBe(true);
  await type('tiff format: Upscale 4x', '-2');
  expect(screen.getByText('A whole number from 0.')).toBeDefined();
  await type('tiff format: Upscale 4x', '20');
  await userEvent.click(screen.getByRole('button', { name: 'Remove the prices of upscaler.to-size by a choice' }));
  await userEvent.click(screen.getByRole('button', { name: 'Publish version 3' }));
  await waitFor(() => expect(calls.some(({ method }) => method === 'PUT')).toBe(true));
  const rules = [
    { ...prices.rules[0], choices: { param: 'format', credits: { tiff: 20 } } },
    prices.rules[1],
    { type: 'upscaler.to-size', credits: 75, per: 'item' },
  ];
  expect(calls.find(({ method }) => method === 'PUT')?.body).toEqual({ after: 2, prices: { ...prices, rules } });
});

test('keeps the draft when somebody else was faster, and lets the owner choose', async () => {
  let version = 2;
  show({
    'GET /prices': () => ({ body: { ...list, version } }),
    'PUT /prices': () => {
      version = 3;
      return refusal(409, 'prices-conflict', 'Somebody saved meanwhile.');
    },
  });
  await type('Credits: generator.pose', '20');
  await userEvent.click(await screen.findByRole('button', { name: 'Publish version 3' }));
  expect(await screen.findByText('Somebody published version 3 meanwhile')).toBeDefined();
  expect((await field('Credits: generator.pose')).getAttribute('value')).toBe('20');
  await userEvent.click(screen.getByRole('button', { name: 'Keep my draft' }));
  expect(screen.getByRole('button', { name: 'Publish version 4' }).hasAttribute('disabled')).toBe(false);
});

test('makes a draft of an older version, and keeps a draft when the page is left', async () => {
  const { unmount } = (() => {
    fakeApi({
      'GET /prices': ({ path }) => ({ body: path.includes('version=1') ? { ...list, ...old } : list }),
      'GET /credits': { body: wallet },
      'GET /node-types': { body: { types: [], packages: [] } },
      'POST /prices/preview': { body: effect },
    });
    return renderAt('/prices', '/prices', <PricesScreen />);
  })();
  await userEvent.click(await screen.findByRole('button', { name: 'Go back to it: version 1' }));
  await waitFor(async () => expect((await field('Credits: upscaler.standard')).getAttribute('value')).toBe('9'));
  unmount();
  show();
  expect((await field('Credits: upscaler.standard')).getAttribute('value')).toBe('9');
  await userEvent.click(screen.getByRole('button', { name: 'Discard the draft' }));
  expect((await field('Credits: upscaler.standard')).getAttribute('value')).toBe('15');
});

test('adds and removes prices and bundles', async () => {
  const calls = show({ 'PUT /prices': { body: { ...list, version: 3 } } });
  await userEvent.click(await screen.findByRole('button', { name: 'Remove the price of upscaler.to-size' }));
  await userEvent.click(screen.getByRole('button', { name: 'Remove the bundle Pose and standard' }));
  await userEvent.click(screen.getByRole('button', { name: 'Publish version 3' }));
  await waitFor(() => expect(calls.some(({ method }) => method === 'PUT')).toBe(true));
  const body = calls.find(({ method }) => method === 'PUT')?.body as { prices: Prices };
  expect(body.prices).toEqual({ ...prices, rules: prices.rules.slice(0, 2), bundles: [] });
});

test('says that the prices could not be loaded, and tries again', async () => {
  show({ 'GET /prices': refusal(500, 'internal', 'It broke.') });
  expect(await screen.findByText('The prices could not be loaded')).toBeDefined();
  expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined();
});
