import type { QueuedRun, RunHandler, RunQueue } from '../ports/run-queue.ts';
import type { NewRun, RunStore } from '../ports/run-store.ts';
import { eventually, expectEqual, type PortCheck } from './check.ts';
import { aNewRun, OTHER_PLACE } from './run-samples.ts';

/** A queue under test, with the run store that is its record. */
export interface QueueUnderTest {
  queue: RunQueue;
  store: RunStore;
}

/** What every run queue keeps. The handlers claim their runs, as a worker does. */
export const runQueueConformance: PortCheck<QueueUnderTest>[] = [
  {
    name: 'brings every offered run, by priority, then by age',
    async run(make) {
      const { queue, store } = await make();
      const offered: QueuedRun[] = [];
      for (const priority of [5, 10, 5, 1]) {
        offered.push(await offer({ queue, store }, priority));
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      const brought: string[] = [];
      const consumer = await queue.consume(
        async (runId) => {
          await take(store, runId);
          brought.push(runId);
          return true;
        },
        { concurrency: 1 },
      );
      await eventually(() => brought.length === 4, 'four runs are brought');
      await consumer.stop();
      expectEqual(
        brought,
        [1, 0, 2, 3].map((index) => offered[index]?.runId),
        'the order',
      );
    },
  },
  {
    name: 'handles no more runs at once than asked, and goes on after a handler that throws',
    async run(make) {
      const { queue, store } = await make();
      let now = 0;
      let most = 0;
      let done = 0;
      for (let count = 0; count < 6; count++) await offer({ queue, store }, 5);
      const consumer = await queue.consume(
        async (runId) => {
          await take(store, runId);
          most = Math.max(most, ++now);
          await new Promise((resolve) => setTimeout(resolve, 15));
          now--;
          done++;
          if (done === 1) throw new Error('the first one fails');
          return true;
        },
        { concurrency: 2 },
      );
      await eventually(() => done === 6, 'six runs are handled');
      await consumer.stop();
      expectEqual(most, 2, 'runs at once');
    },
  },
  {
    name: 'stops after the runs in flight, and brings nothing more',
    async run(make) {
      const { queue, store } = await make();
      let started = 0;
      let ended = 0;
      let goOn = () => {};
      const told = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const consumer = await queue.consume(
        async (runId) => {
          await take(store, runId);
          started++;
          await told;
          ended++;
          return true;
        },
        { concurrency: 1 },
      );
      await offer({ queue, store }, 5);
      await offer({ queue, store }, 5);
      await eventually(() => started === 1, 'one run is brought');
      const stopped = consumer.stop();
      setTimeout(goOn, 50);
      await stopped;
      expectEqual([started, ended], [1, 1], 'started and ended');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expectEqual(started, 1, 'started later');
    },
  },
  {
    name: 'brings a run once that is offered twice',
    async run(make) {
      const { queue, store } = await make();
      const run = await offer({ queue, store }, 5);
      await queue.offer(run);
      let times = 0;
      const consumer = await queue.consume(
        async (runId) => {
          times++;
          await take(store, runId);
          await new Promise((resolve) => setTimeout(resolve, 50));
          return true;
        },
        { concurrency: 2 },
      );
      await eventually(() => times > 0, 'the run is brought');
      await new Promise((resolve) => setTimeout(resolve, 150));
      await consumer.stop();
      expectEqual(times, 1, 'times it was brought');
    },
  },
];

/** A queue that finds in the run store what it lost. */
export interface SweepingQueueUnderTest extends QueueUnderTest {
  /** Makes the queue forget everything that it holds. */
  lose(): Promise<void>;
  /** Pauses these workspaces, or with null everything, and resumes all others. */
  pauseOnly(scopes: readonly (string | null)[]): Promise<void>;
}

/** What every queue of a server keeps, beyond {@link runQueueConformance}. The store has the places of {@link OTHER_PLACE} too. */
export const sweepingQueueConformance: PortCheck<SweepingQueueUnderTest>[] = [
  {
    name: 'brings runs that were stored before it began, and runs that nobody offered',
    async run(make) {
      const { queue, store } = await make();
      const early = await accept(store, aNewRun());
      const brought: string[] = [];
      const consumer = await queue.consume(takeAll(store, brought), { concurrency: 2 });
      await eventually(() => brought.length === 1, 'the early run is brought');
      const late = await accept(store, aNewRun());
      await eventually(() => brought.length === 2, 'the late run is brought', 15_000);
      await consumer.stop();
      expectEqual(brought, [early.runId, late.runId], 'what was brought');
    },
  },
  {
    name: 'brings every run once, also those it lost',
    async run(make) {
      const { queue, store, lose } = await make();
      const offered: string[] = [];
      const brought: string[] = [];
      for (let count = 0; count < 5; count++) offered.push((await offer({ queue, store }, 5)).runId);
      await lose();
      const consumer = await queue.consume(takeAll(store, brought), { concurrency: 2 });
      await eventually(() => brought.length === 5, 'what was lost before is brought', 15_000);
      await lose();
      for (let count = 0; count < 5; count++) offered.push((await offer({ queue, store }, 5)).runId);
      await lose();
      await eventually(() => brought.length === 10, 'what was lost later is brought', 15_000);
      await consumer.stop();
      expectEqual(brought.toSorted(), offered.toSorted(), 'what was brought');
    },
  },
  {
    name: 'does not let a workspace with many runs hold up another one',
    async run(make) {
      const { queue, store } = await make();
      for (let count = 0; count < 30; count++) await offer({ queue, store }, 5);
      const single = await offer({ queue, store }, 5, OTHER_PLACE);
      const brought: string[] = [];
      const consumer = await queue.consume(takeAll(store, brought), { concurrency: 1 });
      await eventually(() => brought.length === 31, 'all runs are brought', 15_000);
      await consumer.stop();
      if (brought.indexOf(single.runId) > 1)
        throw new Error(`the other workspace's run came as number ${brought.indexOf(single.runId) + 1}`);
    },
  },
  {
    name: 'brings no run of what is paused, and goes on soon after it is resumed',
    async run(make) {
      const { queue, store, pauseOnly } = await make();
      const own = (await offer({ queue, store }, 5)).runId;
      const other = (await offer({ queue, store }, 5, OTHER_PLACE)).runId;
      await pauseOnly([null]);
      const brought: string[] = [];
      const consumer = await queue.consume(takeAll(store, brought), { concurrency: 2 });
      const late = (await offer({ queue, store }, 5)).runId;
      await new Promise((resolve) => setTimeout(resolve, 500));
      expectEqual(brought, [], 'what is brought while everything is paused');
      await pauseOnly([OTHER_PLACE.workspaceId]);
      await eventually(() => brought.length === 2, 'the runs of the workspace that is resumed are brought');
      await new Promise((resolve) => setTimeout(resolve, 300));
      expectEqual(brought.toSorted(), [own, late].toSorted(), 'what is brought while one workspace is paused');
      await pauseOnly([]);
      await eventually(() => brought.length === 3, 'the last run is brought');
      expectEqual(brought[2], other, 'the last run');
      await consumer.stop();
    },
  },
  {
    name: 'brings every run once to several consumers',
    async run(make) {
      const { queue, store } = await make();
      const brought: string[] = [];
      const handler = takeAll(store, brought);
      const consumers = await Promise.all([1, 2].map(() => queue.consume(handler, { concurrency: 3 })));
      const offered: string[] = [];
      for (let count = 0; count < 40; count++) {
        offered.push((await offer({ queue, store }, 5, count % 3 === 0 ? OTHER_PLACE : {})).runId);
      }
      await eventually(() => brought.length === 40, 'all runs are brought', 15_000);
      for (const consumer of consumers) await consumer.stop();
      expectEqual(brought.toSorted(), offered.toSorted(), 'what was brought');
    },
  },
];

async function offer(
  { queue, store }: QueueUnderTest,
  priority: number,
  place: Partial<NewRun> = {},
): Promise<QueuedRun> {
  const run = await accept(store, aNewRun({ priority, ...place }));
  await queue.offer(run);
  return run;
}

async function accept(store: RunStore, source: NewRun): Promise<QueuedRun> {
  await store.accept(source);
  return { runId: source.id, workspaceId: source.workspaceId, priority: source.priority };
}

/** A handler that claims its runs as a worker does, and notes those that it got. */
function takeAll(store: RunStore, brought: string[]): RunHandler {
  return async (runId) => {
    if (!(await store.claim(runId, 'worker', 60_000))) return false;
    brought.push(runId);
    return true;
  };
}

async function take(store: RunStore, runId: string): Promise<void> {
  if (!(await store.claim(runId, 'worker', 60_000))) throw new Error(`${runId} was brought twice`);
}
