import type { QueueState } from '@imaginarium/protocol';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { QueueScreen } from './QueueScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

const WORKSPACE = '018f2f65-7a3b-7c4d-8e5f-0123456789ac';
const at = new Date(Date.now() - 120_000).toISOString();
const queue: QueueState = {
  paused: null,
  workspaces: [
    { id: WORKSPACE, name: 'Studio', queued: 1234, delayed: 2, running: 3, waiting: 1, oldestAt: at, paused: null },
  ],
  workers: [
    {
      ...{ id: 'host:1', host: 'host', version: '0.1.0', startedAt: at, seenAt: at, concurrency: 10, running: 3 },
      packages: [{ name: '@imaginarium/nodes-base', version: '0.1.0', types: ['image.resize@1'] }],
      pools: [{ pool: 'media', running: 2, waiting: 1, memoryMb: 400 }],
    },
  ],
  missing: [{ nodeTypes: ['acme.sepia@1'], packages: ['acme-nodes'], runs: 4 }],
};

test('shows what waits, the workers with their load, and what no worker has', async () => {
  fakeApi({ 'GET /queue': { body: queue } });
  renderAt('/queue', '/queue', <QueueScreen />);
  expect(await screen.findByText('No worker has acme-nodes')).toBeDefined();
  expect(screen.getByText('4 runs wait for it. Start a worker with it, or cancel the runs.')).toBeDefined();
  expect(screen.getByRole('row', { name: /Studio 1,234 3 1 2 2 minutes ago/ })).toBeDefined();
  expect(screen.getByText('host:1')).toBeDefined();
  expect(screen.getByText('3 of 10 runs')).toBeDefined();
  expect(screen.getByText('media: 2 at work, 400 MB set aside, 1 waiting')).toBeDefined();
});

test('pauses everything or a workspace, and resumes it', async () => {
  const paused = { ...queue, paused: { at, by: 'Ada' } };
  const calls = fakeApi({
    'GET /queue': { body: queue },
    'POST /queue/pause': ({ body }) => ({ body: 'workspaceId' in (body as object) ? queue : paused }),
    'POST /queue/resume': { body: queue },
  });
  renderAt('/queue', '/queue', <QueueScreen />);
  await userEvent.click(await screen.findByRole('button', { name: 'Pause Studio' }));
  await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
  expect(await screen.findByText('The queue is paused')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Resume' }));
  expect(await screen.findByRole('button', { name: 'Pause' })).toBeDefined();
  expect(calls.filter(({ method }) => method === 'POST').map(({ path, body }) => [path, body])).toEqual([
    ['/queue/pause', { workspaceId: WORKSPACE }],
    ['/queue/pause', {}],
    ['/queue/resume', {}],
  ]);
});

test('says that no worker is there, and why the queue cannot be seen', async () => {
  fakeApi({ 'GET /queue': { body: { ...queue, workspaces: [], workers: [], missing: [] } } });
  const { unmount } = renderAt('/queue', '/queue', <QueueScreen />);
  expect(await screen.findByText('No worker is there')).toBeDefined();
  expect(screen.getByText('Nothing is queued or running.')).toBeDefined();
  unmount();
  fakeApi({ 'GET /queue': refusal(403, 'not-allowed', 'This needs the role owner.') });
  renderAt('/queue', '/queue', <QueueScreen />);
  expect(await screen.findByText('This needs the role owner.')).toBeDefined();
});
