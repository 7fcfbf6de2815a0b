import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { client } from '../api/client.ts';
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
