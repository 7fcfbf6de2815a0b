import type { Wait } from '@imaginarium/protocol';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { RUN_ID } from '../testing/a-run.ts';
import { type FakeAnswer, fakeApi, refusal } from '../testing/fake-api.ts';
import { renderAt } from '../testing/render-at.tsx';
import { WaitingScreen } from './WaitingScreen.tsx';

afterEach(() => vi.unstubAllGlobals());

function aQuestion(name: string, change: Partial<Wait> = {}): Wait {
  return {
    ...{ id: `018f2f65-7a3b-7c4d-8e5f-0123456789a${name.length}`, runId: RUN_ID, workflowId: RUN_ID },
    ...{ workflowName: 'Poster', node: 'ask', name, since: '2026-03-01T09:00:00.000Z', dueAt: null, path: null },
    about: { kind: 'approval', message: `May ${name} go on?`, role: 'admin', pictures: [], items: 2 },
    mayAnswer: true,
    ...change,
  };
}

function show(waits: Wait[], answer: FakeAnswer = {}) {
  let open = waits;
  const answered = (path: string) => {
    if (answer.status === undefined) open = open.filter(({ id }) => !path.includes(id));
    return answer;
  };
  const calls = fakeApi({
    'GET /waits': () => ({ body: { waits: open, total: open.length } }),
    'GET /notices': { body: { notices: [], nextCursor: null, unread: 0 } },
    ...Object.fromEntries(
      waits.map(({ id }) => [`POST /waits/${id}/answer`, ({ path }: { path: string }) => answered(path)]),
    ),
  });
  renderAt('/waiting', '/waiting', <WaitingScreen />);
  return calls;
}

test('shows first what the person may answer, and says of the rest whom it waits for', async () => {
  show([aQuestion('theirs', { mayAnswer: false }), aQuestion('mine')]);
  const cards = await screen.findAllByRole('article');
  expect(cards.map((card) => card.getAttribute('aria-label'))).toEqual(['mine', 'theirs']);
  const [mine, theirs] = cards as [HTMLElement, HTMLElement];
  expect(within(mine).getByText('May mine go on?')).toBeDefined();
  expect(within(mine).getByText('It is about 2 items.')).toBeDefined();
  expect(within(theirs).getByText('Waits for an admin.')).toBeDefined();
  expect(within(theirs).queryByRole('button', { name: 'Approve' })).toBeNull();
});

test('says no with a comment, and goes on to what is left', async () => {
  const calls = show([aQuestion('cover')]);
  await userEvent.type(await screen.findByLabelText('Comment'), 'Too dark.');
  await userEvent.click(screen.getByRole('button', { name: 'Reject' }));
  expect(await screen.findByRole('heading', { name: 'Nothing waits for you' })).toBeDefined();
  expect(calls.find(({ method }) => method === 'POST')?.body).toEqual({ decision: 'rejected', comment: 'Too dark.' });
});

test('says when an answer came too late', async () => {
  show([aQuestion('cover')], refusal(404, 'not-found', 'There is no open question.'));
  await userEvent.click(await screen.findByRole('button', { name: 'Approve' }));
  expect(await screen.findByText('Your answer was not taken')).toBeDefined();
});
