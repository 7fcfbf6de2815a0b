import type { Notice } from '@imaginarium/protocol';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { RUN_ID } from '../testing/a-run.ts';
import { fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { Bell } from './Bell.tsx';
import { NoticeSection } from './NoticeSection.tsx';

afterEach(() => vi.unstubAllGlobals());

const aNotice = (number: number, about: Notice['about'], readAt: string | null = null): Notice => ({
  ...{ id: `018f2f65-7a3b-7c4d-8e5f-00000000000${number}`, about, readAt },
  createdAt: `2026-11-21T10:0${9 - number}:00.000Z`,
});
const run = { kind: 'run-ended', runId: RUN_ID, workflowName: 'Poster', charged: 5, returned: 1060 } as const;
const failed = aNotice(1, { ...run, state: 'failed', step: 'Upscale to 8x', message: 'No face was found.' });
const cancelled = aNotice(
  2,
  { ...run, state: 'cancelled', charged: 0, returned: 0, step: null, message: null },
  '2026-11-21T11:00:00.000Z',
);
const low = aNotice(3, { kind: 'credits-low', available: 40 });
const budget = aNotice(4, { kind: 'budget-low', amount: 1000, used: 850, beginsAgain: '2026-12-01T00:00:00.000Z' });

const workflowId = '018f2f65-7a3b-7c4d-8e5f-0000000000aa';
const refused = { kind: 'run-refused', workflowId, workflowName: 'Poster' } as const;
const poor = aNotice(5, { ...refused, reason: 'insufficient-credits', missing: 35, beginsAgain: null });
const late = aNotice(6, { ...refused, reason: 'budget-spent', missing: 1, beginsAgain: '2026-12-01T00:00:00.000Z' });
const short = aNotice(7, { kind: 'refund-short', purchase: 'cs_7', taken: 160, missing: 340 });

const untold = aNotice(8, {
  ...{ kind: 'webhook-dead', assetId: workflowId, assetName: 'Ada', versionId: RUN_ID },
  ...{ host: 'shop.example.com', attempts: 9, message: 'It answered 500.' },
});

function serve(all: Notice[]) {
  let notices = all;
  const unread = () => notices.filter(({ readAt }) => readAt === null).length;
  return fakeApi({
    'GET /waits': { body: { waits: [], total: 0 } },
    'GET /notices': () => ({ body: { notices, nextCursor: null, unread: unread() } }),
    'POST /notices/read': ({ body }) => {
      const { ids } = body as { ids?: string[] };
      notices = notices.map((one) =>
        ids === undefined || ids.includes(one.id) ? { ...one, readAt: '2026-11-21T12:00:00.000Z' } : one,
      );
      return { body: { unread: unread() } };
    },
  });
}
const both = (
  <>
    <Bell />
    <NoticeSection />
  </>
);

test('tells of runs with their step and amounts, and of what runs low, with the way to each', async () => {
  serve([failed, cancelled, low, budget, poor, late, short, untold]);
  renderAt('/', '/', <NoticeSection />);
  const lines = (await screen.findAllByRole('listitem')).map((line) => {
    const link = within(line).getByRole('link');
    return [link.getAttribute('href'), link.textContent, ...[...line.querySelectorAll('p')].map((p) => p.textContent)];
  });
  expect(lines).toEqual([
    [
      `/runs/${RUN_ID}`,
      'Poster failed at “Upscale to 8x”',
      'No face was found.',
      '5 credits were charged, 1,060 came back.',
    ],
    [`/runs/${RUN_ID}`, 'Poster was cancelled', 'It cost nothing.'],
    ['/wallet', 'Only 40 credits are left for new runs', 'A run that costs more is refused before it begins.'],
    ['/wallet', '850 of 1,000 credits of this month’s budget are used', 'It begins again on Dec 1, 2026.'],
    [
      `/workflows/${workflowId}`,
      'Poster was not started by its trigger',
      'The wallet has 35 credits too few. Add credits; the next time it starts again.',
    ],
    [
      `/workflows/${workflowId}`,
      'Poster was not started by its trigger',
      'The budget of the month has 1 credit too few. Raise it, or wait until Dec 1, 2026.',
    ],
    [
      '/wallet',
      '340 refunded credits were spent already',
      'Money for the purchase cs_7 went back. 160 credits were taken out of the wallet; the others are spent or set aside.',
    ],
    [
      `/assets/${workflowId}`,
      'shop.example.com was not told of an upscale of Ada',
      'It was tried 9 times. It answered 500. The page of the picture can tell it again.',
    ],
  ]);
});

test('counts what is new in the bell, and marks it as read one by one or all at once', async () => {
  const calls = serve([failed, cancelled, low, budget]);
  renderAt('/', '/', both);
  expect(await screen.findByRole('link', { name: 'Waiting for you: 3 notices to read' })).toBeDefined();
  const [first] = await screen.findAllByRole('button', { name: 'Mark as read' });
  await userEvent.click(first as HTMLElement);
  expect(await screen.findByRole('link', { name: 'Waiting for you: 2 notices to read' })).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Mark all as read' }));
  expect(await screen.findByRole('link', { name: 'Waiting for you' })).toBeDefined();
  expect(screen.queryByRole('button', { name: /Mark/ })).toBeNull();
  const marks = calls.filter(({ method }) => method === 'POST').map(({ body }) => body);
  expect(marks).toEqual([{ ids: [failed.id] }, { upTo: failed.createdAt }]);
});

test('shows nothing to those who were told nothing, and says what could not be loaded', async () => {
  serve([]);
  const { unmount } = renderAt('/', '/', both);
  expect(await screen.findByRole('link', { name: 'Waiting for you' })).toBeDefined();
  expect(screen.queryByRole('heading', { name: 'Notices' })).toBeNull();
  unmount();
  fakeApi({ 'GET /notices': refusal(500, 'internal', 'It broke.') });
  renderAt('/', '/', <NoticeSection />);
  expect(await screen.findByText('Notices could not be loaded')).toBeDefined();
});
