import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
import { aTierQuote } from '../testing/a-tier-quote.ts';
import { anAssetSummary, aPicture } from '../testing/an-asset.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { AssetsScreen } from './AssetsScreen.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const asset = anAssetSummary();
const other = anAssetSummary({ id: '018f2f65-7a3b-7c4d-8e5f-0000000000ff', name: 'Poster', sourceApp: 'shop' });
const listed = (...assets: object[]) => ({ body: { assets, nextCursor: null } });

test('asks for what its address says, and puts into it what is searched for', async () => {
  const calls = fakeApi({ 'GET /assets': listed(asset, other) });
  const { router } = renderAt('/assets?tier=standard&q=por', '/assets', <AssetsScreen />);
  const link = await screen.findByRole('link', { name: 'Portrait' });
  expect(link.getAttribute('href')).toBe(`/assets/${asset.id}`);
  expect(calls.map(({ path }) => path)).toEqual(['/assets?q=por&tier=standard&limit=40']);
  const field = screen.getByRole('searchbox', { name: 'Search by name' });
  await userEvent.clear(field);
  await userEvent.type(field, 'poster');
  await waitFor(() => expect(router.state.location.search).toBe('?q=poster&tier=standard'));
});

test('loads more where the last page ended', async () => {
  fakeApi({
    'GET /assets': ({ path }) =>
      path.includes('cursor=next') ? listed(other) : { body: { assets: [asset], nextCursor: 'next' } },
  });
  renderAt('/assets', '/assets', <AssetsScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'Load more' }));
  expect(await screen.findByRole('link', { name: 'Poster' })).toBeDefined();
  expect(screen.queryByRole('button', { name: 'Load more' })).toBeNull();
});

test('teaches when there is nothing, offers to clear filters that nothing fits, and says what went wrong', async () => {
  fakeApi({ 'GET /assets': listed() });
  const { router } = renderAt('/assets?tier=billboard', '/assets', <AssetsScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'Clear the filters' }));
  expect(router.state.location.search).toBe('');
  expect(await screen.findByText('Keep a picture here')).toBeDefined();
  fakeApi({ 'GET /assets': refusal(500, 'internal', 'The disk is tired.') });
  renderAt('/assets', '/assets', <AssetsScreen />);
  expect((await screen.findByRole('alert')).textContent).toContain('The disk is tired.');
});

describe('assets that are marked', () => {
  const third = anAssetSummary({ id: '018f2f65-7a3b-7c4d-8e5f-0000000000fe', name: 'Gone', original: null });
  const gone = { item: 2, error: { code: 'file-missing', message: 'The original of Gone was archived.' } };
  const tooMany = { code: 'batch-too-large', message: 'Upscale 16x: expected at most 1 items in one run, received 2.' };
  const quotes = [
    { ...aTierQuote('free', 0), error: null, refused: [gone] },
    { ...aTierQuote('standard', 15), error: null, refused: [gone] },
    { tier: 'billboard', quote: null, error: tooMany, refused: [gone] },
  ];
  const quoted = { 'GET /assets': listed(asset, other, third), 'POST /upscales/batches/quote': { body: { quotes } } };
  const mark = async (...names: string[]) => {
    for (const name of names) {
      (await screen.findByRole('checkbox', { name: `Mark ${name}` })).focus();
      await userEvent.keyboard(' ');
    }
  };

  test('are upscaled as one run for no more than was shown, and what cannot be is said by name before', async () => {
    const calls = fakeApi({
      ...quoted,
      'POST /upscales/batches': { status: 202, body: { items: [{ error: null }, { error: gone.error }] } },
    });
    renderAt('/assets', '/assets', <AssetsScreen />);
    await mark('Portrait', 'Poster', 'Gone');
    const bar = screen.getByRole('region', { name: 'Marked assets' });
    expect(within(bar).getByRole('status').textContent).toBe('3 assets marked');
    await userEvent.click(within(bar).getByRole('button', { name: 'Upscale' }));
    // Ids are all the same in tests, so its title is not found by the dialog's name.
    const dialog = await screen.findByRole('dialog');
    expect(within(dialog).getByText('Upscale 3 assets')).toBeDefined();
    const standard = await within(dialog).findByRole('radio', { name: /4x · Standard.*2 of 3.*15 credits/ });
    expect(standard).toHaveProperty('checked', true);
    expect(within(dialog).getByRole('list', { name: 'What is left out' }).textContent).toBe(
      'The original of Gone was archived.',
    );
    expect(within(dialog).getByRole('radio', { name: /16x.*expected at most 1 items/ })).toHaveProperty(
      'disabled',
      true,
    );
    await userEvent.click(within(dialog).getByRole('button', { name: 'Upscale for 15 credits' }));
    // One of them went away in between.
    expect((await screen.findByText('1 asset was left out')).closest('[role=alert]')?.textContent).toContain(
      'Poster: ',
    );
    const sent = calls.filter(({ method, path }) => method === 'POST' && path === '/upscales/batches');
    const items = [{ assetId: asset.id }, { assetId: other.id }];
    expect(sent.map(({ body }) => body)).toEqual([{ items, tier: 'standard', maxCredits: 15 }]);
    expect(screen.queryByRole('region', { name: 'Marked assets' })).toBeNull();
  });

  test('stay marked where nothing began, with the reason, and are let go by a press', async () => {
    fakeApi({ ...quoted, 'POST /upscales/batches': refusal(409, 'price-changed', 'It costs 20 credits now.') });
    renderAt('/assets', '/assets', <AssetsScreen />);
    await mark('Portrait', 'Poster');
    await mark('Poster');
    await userEvent.click(screen.getByRole('button', { name: 'Upscale' }));
    const dialog = await screen.findByRole('dialog');
    await userEvent.click(await within(dialog).findByRole('button', { name: 'Upscale for 15 credits' }));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('It costs 20 credits now.');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    expect(screen.getByText('1 asset marked')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(screen.queryByText('1 asset marked')).toBeNull();
    // What had the focus is gone, and the next Tab goes to the assets.
    expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Portrait' }).closest('ul'));
  });
});

test('makes an asset of each picture that is dropped, and says which did not arrive and why', async () => {
  const calls = fakeApi({ 'GET /assets': listed(), 'POST /assets': { status: 201, body: {} } });
  vi.spyOn(client, 'uploadFile').mockImplementation(async (_content, { name }) => {
    if (name === 'broken.jpg') throw new Error('broken.jpg ends too early.');
    return { ...aPicture('stored under its first name.jpg', 10), createdAt: '2026-11-21T10:00:00.000Z' };
  });
  renderAt('/assets', '/assets', <AssetsScreen />);
  await screen.findByText('Keep a picture here');
  const files = ['a.jpg', 'broken.jpg', 'c.jpg'].map((name) => new File(['x'], name));
  fireEvent.drop(window, { dataTransfer: { types: ['Files'], files } });
  const list = await screen.findByRole('list', { name: 'Pictures on their way' });
  expect((await within(list).findByRole('alert')).textContent).toBe('broken.jpg ends too early.');
  const made = calls.filter(({ method }) => method === 'POST').map(({ body }) => (body as { name: string }).name);
  expect(made.toSorted()).toEqual(['a.jpg', 'c.jpg']);
  expect(within(list).getAllByRole('listitem')).toHaveLength(1);
  await userEvent.click(screen.getByRole('button', { name: 'Dismiss broken.jpg' }));
  expect(screen.queryByRole('list', { name: 'Pictures on their way' })).toBeNull();
});
