import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeApi } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { ApiKeys } from './ApiKeys.tsx';

afterEach(() => vi.unstubAllGlobals());

const key = {
  id: '018f2f65-7a3b-7c4d-8e5f-0123456789ab',
  name: 'Shop',
  prefix: 'imk_1',
  createdAt: '2026-11-21T10:00:00.000Z',
  lastUsedAt: null,
};

test('shows a new key once, until it is copied', async () => {
  fakeApi({
    'GET /api-keys': { body: { apiKeys: [] } },
    'POST /api-keys': { status: 201, body: { ...key, key: 'imk_1_secret' } },
  });
  renderAt('/account', '/account', <ApiKeys />);
  await userEvent.type(await screen.findByLabelText('Name of the key'), 'Shop');
  await userEvent.click(screen.getByRole('button', { name: 'Make key' }));
  expect(await screen.findByText('imk_1_secret')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'I have copied it' }));
  expect(screen.queryByText('imk_1_secret')).toBeNull();
});

test('asks before it revokes a key', async () => {
  const calls = fakeApi({ 'GET /api-keys': { body: { apiKeys: [key] } }, [`DELETE /api-keys/${key.id}`]: {} });
  renderAt('/account', '/account', <ApiKeys />);
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke Shop' }));
  expect(calls.some(({ method }) => method === 'DELETE')).toBe(false);
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke' }));
  await waitFor(() => expect(calls.some(({ method }) => method === 'DELETE')).toBe(true));
});
