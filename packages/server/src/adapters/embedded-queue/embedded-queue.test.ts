import { MemoryRunStore } from '@imaginarium/engine';
import { aNewRun, eventually } from '@imaginarium/engine/testing';
import { describe, expect, test } from 'vitest';
import { EmbeddedQueue } from './embedded-queue.ts';

const WORKSPACES = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const [HERE = ''] = WORKSPACES;

describe('EmbeddedQueue', () => {
  test('finds runs that nobody offered: at its start, and in its sweeps', async () => {
    const store = new MemoryRunStore();
    const queue = new EmbeddedQueue(store, { sweepMs: 20 });
    const early = (await store.accept(aNewRun())).run.id;
    const brought: string[] = [];
    const consumer = await queue.consume(
      async (runId) => {
        if (await store.claim(runId, 'worker', 60_000)) brought.push(runId);
        return true;
      },
      { concurrency: 2 },
    );
    const late = (await store.accept(aNewRun())).run.id;
    await eventually(() => brought.length === 2, 'both runs are brought');
    await consumer.stop();
    expect(brought).toEqual([early, late]);
  });

  test('brings a run once more that is offered again while it is at work', async () => {
    const store = new MemoryRunStore();
    const queue = new EmbeddedQueue(store, { sweepMs: 60_000 });
    const { run } = await store.accept(aNewRun());
    const offered = { runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 };
    let times = 0;
    const consumer = await queue.consume(
      async () => {
        times += 1;
        if (times === 1) await queue.offer({ ...offered, again: true });
        await queue.offer(offered);
        return true;
      },
      { concurrency: 1 },
    );
    await eventually(() => times === 2, 'the run is brought a second time');
    await consumer.stop();
    expect(times).toBe(2);
  });

  test('does not let a workspace with many runs hold up another one', async () => {
    const store = new MemoryRunStore();
    const queue = new EmbeddedQueue(store);
    const [many = '', single = ''] = WORKSPACES;
    for (let count = 0; count < 10; count++) await store.accept(aNewRun({ workspaceId: many }));
    const { run } = await store.accept(aNewRun({ workspaceId: single }));
    const brought: string[] = [];
    const consumer = await queue.consume(
      async (runId) => {
        await store.claim(runId, 'worker', 60_000);
        brought.push(runId);
        return true;
      },
      { concurrency: 1 },
    );
    await eventually(() => brought.length === 11, 'all runs are brought');
    await consumer.stop();
    expect(brought.indexOf(run.id)).toBe(1);
  });

  test('brings a run again that its handler left queued, and does not hurry', async () => {
    const store = new MemoryRunStore();
    const queue = new EmbeddedQueue(store, { sweepMs: 30 });
    const { run } = await store.accept(aNewRun());
    let times = 0;
    const consumer = await queue.consume(
      async (runId) => {
        times++;
        if (times < 3) throw new Error('the database is away');
        await store.claim(runId, 'worker', 60_000);
        return true;
      },
      { concurrency: 1 },
    );
    await queue.offer({ runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 });
    const before = performance.now();
    await eventually(() => times === 3, 'it is brought three times');
    expect(performance.now() - before).toBeGreaterThan(20);
    await consumer.stop();
  });

  test('goes on when the database cannot be read for a while', async () => {
    const store = new MemoryRunStore();
    let away = true;
    const queue = new EmbeddedQueue(
      {
        listQueued: (limit) => {
          if (away) return Promise.reject(new Error('away'));
          return store.listQueued(limit);
        },
      },
      { sweepMs: 10 },
    );
    await store.accept(aNewRun());
    let brought = 0;
    const consumer = await queue.consume(
      async (runId) => {
        await store.claim(runId, 'worker', 60_000);
        brought++;
        return true;
      },
      { concurrency: 1 },
    );
    expect(brought).toBe(0);
    away = false;
    await eventually(() => brought === 1, 'the run is brought once the database is back');
    await consumer.stop();
  });

  describe('a place that is kept', () => {
    const START = { worker: 'worker', leaseMs: 60_000 };

    async function atWork() {
      const store = new MemoryRunStore();
      const queue = new EmbeddedQueue(store);
      const brought: string[] = [];
      const ends: (() => void)[] = [];
      const consumer = await queue.consume(
        async (runId) => {
          brought.push(runId);
          await new Promise<void>((resolve) => ends.push(resolve));
          return true;
        },
        { concurrency: 2, start: START },
      );
      const accepted = async () => {
        const { run } = await store.accept(aNewRun());
        return { runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 };
      };
      const started = async () => {
        const source = aNewRun();
        const { run, lease } = await store.accept(source, START);
        if (!lease) throw new Error('it was accepted without a lease');
        return {
          lease,
          record: { ...source, run, steps: [], takeovers: 0, funds: null },
        };
      };
      const end = async () => {
        for (const done of ends.splice(0)) done();
        await Promise.resolve();
      };
      return { queue, consumer, brought, accepted, started, end };
    }

    test('takes one run to work at once, and counts as taken until then', async () => {
      const { queue, consumer, brought, accepted, started, end } = await atWork();
      const places = [queue.keepPlace(HERE), queue.keepPlace(HERE)];
      expect(places).toEqual([expect.objectContaining(START), expect.objectContaining(START)]);
      expect(queue.keepPlace(HERE)).toBe(undefined);
      const run = await started();
      places[0]?.take(run);
      expect(brought).toEqual([run.record.run.id]);
      const queued = await accepted();
      await queue.offer(queued);
      expect(brought).toHaveLength(1);
      places[1]?.leave();
      expect(brought).toEqual([run.record.run.id, queued.runId]);
      await end();
      await consumer.stop();
    });

    test('is not to be had before those that wait, nor when nobody works', async () => {
      const { queue, consumer, accepted, started, end } = await atWork();
      for (let count = 0; count < 3; count++) await queue.offer(await accepted());
      await end();
      expect(queue.keepPlace(HERE)).toBe(undefined);
      await eventually(() => queue.keepPlace(HERE)?.leave() === undefined, 'a place is free');
      const place = queue.keepPlace(HERE);
      let stopped = false;
      const stopping = consumer.stop().then(() => {
        stopped = true;
      });
      expect(queue.keepPlace(HERE)).toBe(undefined);
      await end();
      expect(stopped).toBe(false);
      place?.take(await started());
      await end();
      await stopping;
    });
  });
});
