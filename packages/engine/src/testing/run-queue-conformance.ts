import type { QueuedRun, RunQueue } from '../ports/run-queue.ts';
import type { RunStore } from '../ports/run-store.ts';
import { eventually, expectEqual, type PortCheck } from './check.ts';
import { aNewRun } from './run-store-conformance.ts';

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
      const consumer = await queue.consume(
        async (runId) => {
          await take(store, runId);
          started++;
          await new Promise((resolve) => setTimeout(resolve, 50));
          ended++;
        },
        { concurrency: 1 },
      );
      await offer({ queue, store }, 5);
      await offer({ queue, store }, 5);
      await eventually(() => started === 1, 'one run is brought');
      await consumer.stop();
      expectEqual([started, ended], [1, 1], 'started and ended');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expectEqual(started, 1, 'started later');
    },
  },
];

async function offer({ queue, store }: QueueUnderTest, priority: number): Promise<QueuedRun> {
  const source = aNewRun({ priority });
  await store.accept(source);
  const run = { runId: source.id, workspaceId: source.workspaceId, priority };
  await queue.offer(run);
  return run;
}

async function take(store: RunStore, runId: string): Promise<void> {
  if (!(await store.claim(runId, 'worker', 60_000))) throw new Error(`${runId} was brought twice`);
}
