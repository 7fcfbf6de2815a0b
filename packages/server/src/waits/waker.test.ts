import { randomUUID } from 'node:crypto';
import { MemoryRunStore, type QueuedRun } from '@imaginarium/engine';
import { aNewRun } from '@imaginarium/engine/testing';
import type { WaitAbout } from '@imaginarium/protocol';
import { describe, expect, it, vi } from 'vitest';
import { Waker } from './waker.ts';

const START = Date.parse('2026-03-01T09:00:00.000Z');
const DAY_MS = 86_400_000;

function world() {
  let now = START;
  const store = new MemoryRunStore(() => now);
  const offered: string[] = [];
  const queue = { offer: async ({ runId }: QueuedRun) => void offered.push(runId) };
  const log = { error: vi.fn() };
  /** A run that rests until so many milliseconds from now, or until something else comes. */
  const resting = async (afterMs: number | null, about: WaitAbout = { kind: 'time' }) => {
    const { run } = await store.accept(aNewRun({ id: randomUUID() }));
    const lease = await store.claim(run.id, 'test', 60_000);
    if (!lease) throw new Error('The run could not be claimed.');
    const dueAt = afterMs === null ? null : new Date(now + afterMs).toISOString();
    const wait = {
      id: randomUUID(),
      call: 0,
      about,
      since: new Date(now).toISOString(),
      dueAt,
      answer: null,
      before: null,
    };
    const steps = [{ node: 'a', iteration: '', attempts: 1, done: [], waits: [wait] }];
    await store.park(lease, { steps: [], events: [], parked: { resting: true, workedMs: 1, steps } });
    return run.id;
  };
  return {
    ...{ store, offered, resting, log, waker: new Waker({ waits: store.waits, queue, log }) },
    another: () => new Waker({ waits: store.waits, queue, log }),
    pass: (ms: number) => {
      now += ms;
    },
  };
}

describe('Waker', () => {
  it('brings runs on when their time has come, also after longer than a timer can count', async () => {
    const { waker, resting, offered, pass } = world();
    const [soon, late] = [await resting(1000), await resting(100 * DAY_MS)];
    await waker.look();
    expect(offered).toEqual([]);
    pass(1000);
    await waker.look();
    expect(offered).toEqual([soon]);
    pass(100 * DAY_MS);
    await waker.look();
    expect(offered).toEqual([soon, late]);
  });

  it('brings each on once, however many look at the same moment', async () => {
    const { waker, another, resting, offered, pass } = world();
    const ids = await Promise.all(Array.from({ length: 700 }, () => resting(10)));
    pass(10);
    await Promise.all([waker, another(), another()].map((one) => one.look()));
    expect(offered.toSorted()).toEqual(ids.toSorted());
  });

  it('brings on what waits for a run that has ended: at once when told, and by itself when nobody told', async () => {
    const { waker, store, resting, offered } = world();
    const children = [
      (await store.accept(aNewRun({ id: randomUUID() }))).run,
      (await store.accept(aNewRun({ id: randomUUID() }))).run,
    ];
    const [told, found] = await Promise.all(
      children.map(({ id }) => resting(null, { kind: 'run', runId: id, workflowName: 'Other', version: 1 })),
    );
    await waker.look();
    expect(offered).toEqual([]);
    for (const { id } of children) await store.requestCancel(id);
    await waker.runEnded(children[0]?.id ?? '');
    expect(offered).toEqual([told]);
    await waker.look();
    expect(offered).toEqual([told, found]);
  });

  it('says that the database is away, and finds in the next look what it missed', async () => {
    const { waker, store, resting, offered, pass, log } = world();
    const id = await resting(10);
    pass(10);
    const list = vi.spyOn(store.waits, 'listDue').mockRejectedValueOnce(new Error('The database is away.'));
    await waker.look();
    expect([offered, log.error.mock.calls.length]).toEqual([[], 1]);
    list.mockRestore();
    await waker.look();
    expect(offered).toEqual([id]);
  });
});
