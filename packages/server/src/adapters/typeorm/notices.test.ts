import { randomUUID } from 'node:crypto';
import type { NewRun, RunOutcome } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import { emptyGraph, type NoticeAbout, type Step } from '@imaginarium/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { RunCredits } from './books/run-credits.ts';
import { SqlWorkspaceCredits } from './books/workspace-credits.ts';
import type { Database } from './database/database.ts';
import { SqlNoticeList } from './notices.ts';
import { SqlRunStore } from './runs/run-store.ts';
import { aCharge } from './testing/a-charge.ts';
import { openScratch, scratchKinds } from './testing/scratch-databases.ts';
import { seedPerson, seedWorkspace } from './testing/seed.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const terms = { version: 0, rules: [], bundle: null };
const node = (id: string, name: string) => ({
  ...{ id, type: 'test.up', version: 1, name, params: {}, position: { x: 0, y: 0 } },
});
const graph = { ...emptyGraph(), nodes: [node('avatar', 'Make the avatar'), node('up', 'Upscale to 8x')] };

describe.each(scratchKinds(inject('postgresUrl')))('notices on $name', (kind) => {
  let database: Database;
  let remove: () => Promise<void>;
  let workspaceId: string;
  let workflowId: string;
  let owner: string;
  let now: string;
  let notices: SqlNoticeList;
  let store: SqlRunStore;
  let credits: SqlWorkspaceCredits;
  beforeAll(async () => {
    ({ database, remove } = await openScratch(kind));
  });
  afterAll(() => remove());
  beforeEach(async () => {
    [workspaceId, workflowId, now] = [randomUUID(), randomUUID(), NOW];
    await seedWorkspace(database, workspaceId, workflowId);
    owner = await seedPerson(database, workspaceId, 'owner');
    const policy = new RunCredits({ mode: 'metered', startGrant: 1000 });
    notices = new SqlNoticeList(database, workspaceId);
    store = new SqlRunStore(database, policy, () => Date.parse(now));
    credits = new SqlWorkspaceCredits(database, workspaceId, policy, () => Date.parse(now));
  });

  const accept = async (run: Partial<NewRun>) => {
    const asked = aNewRun({ ...{ id: randomUUID(), workspaceId, workflowId, graph, createdBy: owner, terms }, ...run });
    return (await store.accept(asked)).run;
  };
  const settle = async (id: string, outcome: Partial<RunOutcome>, steps: Step[] = []) => {
    const lease = await store.claim(id, 'test', 3_600_000);
    if (!lease) throw new Error('the run could not be claimed');
    const { creditsSpent = 0 } = outcome;
    const charges = creditsSpent > 0 ? [aCharge({ node: 'avatar', credits: creditsSpent })] : [];
    const end = { state: 'failed', creditsSpent, error: null, cover: null, ...outcome } as const;
    await store.settle(lease, end, { steps, events: [], charges });
    return { lease, end };
  };
  const told = async (person = owner): Promise<NoticeAbout[]> =>
    (await notices.list(person, { limit: 50 })).notices.map(({ about }) => about);

  test('tell the owner of a failed run what was charged, what came back, and which step failed', async () => {
    const run = await accept({ creditsQuoted: 65, workflowName: 'Photo to carousel' });
    const error = { code: 'step-failed', message: 'No face was found.', node: 'up' } as const;
    await settle(run.id, { creditsSpent: 5, error });
    expect(await told()).toEqual([
      {
        ...{ kind: 'run-ended', runId: run.id, workflowName: 'Photo to carousel', state: 'failed' },
        ...{ charged: 5, returned: 60, step: 'Upscale to 8x', message: 'No face was found.' },
      },
    ]);
  });

  test('tell of a cancelled run, whether a worker had it or not, and of one that cost nothing', async () => {
    const queued = await accept({ creditsQuoted: 10 });
    await store.requestCancel(queued.id);
    await store.requestCancel(queued.id);
    const free = await accept({ creditsQuoted: 0, terms: undefined as never });
    await settle(free.id, { state: 'cancelled' });
    expect(
      (await told()).map((about) => about.kind === 'run-ended' && [about.runId, about.charged, about.returned]).sort(),
    ).toEqual(
      [
        [queued.id, 0, 10],
        [free.id, 0, 0],
      ].sort(),
    );
  });

  test('tell nobody of a run that succeeded, of one that another run started, or of one whose person has left', async () => {
    await settle((await accept({ creditsQuoted: 10 })).id, { state: 'succeeded', creditsSpent: 10 });
    const parent = { runId: randomUUID(), node: 'run' };
    await settle((await accept({ creditsQuoted: 10, parent })).id, {});
    await settle((await accept({ creditsQuoted: 10, createdBy: 'gone' })).id, {});
    expect(await told()).toEqual([]);
  });

  test('are written with the end of the run or not at all, and once', async () => {
    const run = await accept({ creditsQuoted: 10 });
    const dies = {
      ...database,
      write: ((work) =>
        database.write(async (transaction) => {
          await work(transaction);
          throw new Error('the process died');
        })) as Database['write'],
    };
    const lease = await store.claim(run.id, 'test', 3_600_000);
    if (!lease) throw new Error('the run could not be claimed');
    const outcome = { state: 'failed', creditsSpent: 0, error: null, cover: null } as const;
    const doomed = new SqlRunStore(dies, new RunCredits({ mode: 'metered', startGrant: 0 }), () => Date.parse(now));
    await expect(doomed.settle(lease, outcome, { steps: [], events: [] })).rejects.toThrow('the process died');
    expect(await told()).toEqual([]);
    await store.settle(lease, outcome, { steps: [], events: [] });
    await expect(store.settle(lease, outcome, { steps: [], events: [] })).rejects.toThrow();
    expect(await told()).toHaveLength(1);
  });

  test('tell those who look after the workspace once a day that few credits are left', async () => {
    const admin = await seedPerson(database, workspaceId, 'admin');
    const editor = await seedPerson(database, workspaceId, 'editor');
    await accept({ creditsQuoted: 900, createdBy: editor });
    expect(await told()).toEqual([]);
    const last = await accept({ creditsQuoted: 50, createdBy: editor });
    await store.requestCancel(last.id);
    await accept({ creditsQuoted: 60, createdBy: editor });
    expect(await told()).toEqual([{ kind: 'credits-low', available: 50 }]);
    expect(await told(admin)).toEqual([{ kind: 'credits-low', available: 50 }]);
    expect((await told(editor)).map(({ kind: what }) => what)).toEqual(['run-ended']);
    await accept({ creditsQuoted: 10 });
    expect(await told()).toHaveLength(1);
  });

  test('tell that most of the budget is gone once for each month and budget', async () => {
    await credits.setBudget(100, owner);
    await accept({ creditsQuoted: 79 });
    expect(await told()).toEqual([]);
    await accept({ creditsQuoted: 1 });
    await accept({ creditsQuoted: 1 });
    const beginsAgain = '2026-12-01T00:00:00.000Z';
    expect(await told()).toEqual([{ kind: 'budget-low', amount: 100, used: 80, beginsAgain }]);
    await credits.setBudget(200, owner);
    await accept({ creditsQuoted: 90 });
    expect(await told()).toHaveLength(2);
    now = beginsAgain;
    await accept({ creditsQuoted: 170 });
    expect((await told()).map((about) => about.kind === 'budget-low' && about.used)).toEqual([170, 171, 80]);
  });

  test('are listed by pages and marked as read, by their person and nobody else', async () => {
    const other = await seedPerson(database, workspaceId, 'owner');
    for (let minute = 1; minute <= 5; minute++) {
      now = `2026-11-21T12:0${minute}:00.000Z`;
      await settle((await accept({ creditsQuoted: 1 })).id, {});
    }
    const first = await notices.list(owner, { limit: 3 });
    expect([first.notices.length, first.unread]).toEqual([3, 5]);
    const second = await notices.list(owner, { limit: 3, cursor: first.nextCursor ?? '' });
    expect([second.notices.length, second.nextCursor]).toEqual([2, null]);
    const [newest] = first.notices;
    const ids = [newest?.id ?? ''];
    expect(await notices.read(other, { ids })).toBe(0);
    expect(await new SqlNoticeList(database, randomUUID()).read(owner, { ids })).toBe(0);
    expect((await notices.list(owner, { limit: 1 })).unread).toBe(5);
    expect(await notices.read(owner, { ids })).toBe(4);
    expect(await notices.read(owner, { upTo: '2026-11-21T12:03:00.000Z' })).toBe(1);
    expect((await notices.list(owner, { limit: 9 })).notices.map(({ readAt }) => readAt !== null)).toEqual([
      ...[true, false, true, true, true],
    ]);
    expect(await notices.list(other, { limit: 9 })).toEqual({ notices: [], nextCursor: null, unread: 0 });
  });
});
