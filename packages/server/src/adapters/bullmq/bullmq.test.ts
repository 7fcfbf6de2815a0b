import { createServer } from 'node:net';
import { MemoryRunStore, type RunStore } from '@imaginarium/engine';
import { aNewRun, eventually, runQueueConformance, sweepingQueueConformance } from '@imaginarium/engine/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { leftOut } from '../../../../../tests/services/left-out.ts';
import { findRedisServer, type RedisServer, startRedis } from '../../../../../tests/services/redis.ts';
import { Pauses } from '../../queue/pauses.ts';
import type { Pause } from '../../queue/queue-store.ts';
import { scratchKinds } from '../typeorm/testing/scratch-databases.ts';
import { BullMqQueue } from './bullmq-queue.ts';
import { checkRedis } from './check-redis.ts';
import { type JobPlace, postgresJobs, redisJobs } from './job-place.ts';

/** A place for jobs of a test's own. */
interface Scratch {
  place: JobPlace;
  /** Removes all jobs. */
  lose(): Promise<void>;
  /** The data of all jobs that are there. */
  jobs(): Promise<unknown[]>;
  remove(): Promise<void>;
}

async function onRedis(): Promise<Scratch> {
  const server = await startRedis();
  const redis = new Redis(server.url);
  return {
    place: redisJobs(server.url),
    lose: async () => void (await redis.flushall()),
    async jobs() {
      const keys = (await redis.keys('*')).filter((key) => /[0-9a-f]{8}-/.test(key));
      return Promise.all(keys.map(async (key) => JSON.parse((await redis.hget(key, 'data')) ?? 'null')));
    },
    async remove() {
      redis.disconnect();
      await server.stop();
    },
  };
}

async function onPostgres(serverUrl: string): Promise<Scratch> {
  const scratch = await scratchKinds(serverUrl)[1]?.create();
  if (!scratch || !('url' in scratch.place)) throw new Error('expected PostgreSQL');
  const { url } = scratch.place;
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  pool.on('error', () => undefined);
  return {
    place: postgresJobs(url),
    lose: async () => void (await pool.query('DELETE FROM bullmq.job')),
    jobs: async () => (await pool.query('SELECT data FROM bullmq.job')).rows.map(({ data }) => data),
    async remove() {
      await pool.end();
      await scratch.remove();
    },
  };
}

const postgresUrl = inject('postgresUrl');
const noRedis = leftOut(findRedisServer(), 'Redis is not installed');
const places = [
  { name: 'Redis', missing: noRedis, open: onRedis },
  {
    name: 'PostgreSQL',
    missing: leftOut(postgresUrl, 'PostgreSQL is not installed'),
    open: () => onPostgres(postgresUrl ?? ''),
  },
];

describe.each(places)('BullMqQueue on $name$missing', ({ missing, open }) => {
  let scratch: Scratch;
  const queues: BullMqQueue[] = [];
  beforeAll(async () => {
    if (!missing) scratch = await open();
  });
  afterEach(async () => {
    await Promise.all(queues.splice(0).map((queue) => queue.close()));
  });
  afterAll(() => scratch?.remove());

  const log = { warn: vi.fn() };
  const aQueue = (store: RunStore, pauses?: Pauses) => {
    const queue = new BullMqQueue({ place: scratch.place, store, log, sweepMs: 300, ...(pauses ? { pauses } : {}) });
    queues.push(queue);
    return queue;
  };
  const make = async () => {
    const store = new MemoryRunStore();
    let paused: Pause[] = [];
    const pauses = new Pauses({ pauses: async () => paused });
    const queue = aQueue(store, pauses);
    await queue.offer({ runId: aNewRun().id, workspaceId: aNewRun().workspaceId, priority: 1 }); // The tables are there from now on.
    await scratch.lose();
    const pauseOnly = async (scopes: readonly (string | null)[]) => {
      paused = scopes.map((workspaceId) => ({ workspaceId, pausedAt: '', pausedBy: 'Ada' }));
      await pauses.refresh();
    };
    return { store, queue, lose: scratch.lose, pauseOnly };
  };
  test.skipIf(missing).each([...runQueueConformance, ...sweepingQueueConformance])('$name', (check) => check.run(make));

  test.skipIf(missing)('takes a thousand runs that are offered in the same moment', async () => {
    const { store, queue } = await make();
    const brought = new Set<string>();
    const consumer = await queue.consume(
      async (runId) => {
        brought.add(runId);
        return (await store.claim(runId, 'worker', 60_000)) !== undefined;
      },
      { concurrency: 10 },
    );
    const { workspaceId } = aNewRun();
    log.warn.mockClear();
    await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const { run } = await store.accept(aNewRun());
        await queue.offer({ runId: run.id, workspaceId, priority: 5 });
      }),
    );
    await eventually(() => brought.size === 1000, 'all runs are brought', 40_000);
    await consumer.stop();
    expect(log.warn).not.toHaveBeenCalled();
  });

  test.skipIf(missing)('brings a run again whose worker does not let go of its job', async () => {
    const { store, queue } = await make();
    const { run } = await store.accept(aNewRun());
    const offered = { runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 };
    await queue.offer(offered);
    const { promise: stuck, resolve: letGo } = Promise.withResolvers<boolean>();
    let first = 0;
    const dying = await queue.consume(
      (runId) => {
        first++;
        return store.claim(runId, 'dying', 1).then(() => stuck);
      },
      { concurrency: 1 },
    );
    await eventually(() => first === 1, 'the run is brought');
    const again: string[] = [];
    const other = await queue.consume(
      async (runId) => {
        if (!(await store.takeOver(runId, 'other', 60_000))) return false;
        again.push(runId);
        return true;
      },
      { concurrency: 1 },
    );
    const before = performance.now();
    await queue.offer({ ...offered, again: true });
    await eventually(() => again.length === 1, 'the run is brought again');
    // Not only once its job has stalled.
    expect(performance.now() - before).toBeLessThan(3000);
    letGo(true);
    await Promise.all([dying.stop(), other.stop()]);
    expect(again).toEqual([run.id]);
  });

  test.skipIf(missing)('lets jobs that somebody else wrote do nothing', async () => {
    const { store, queue } = await make();
    const jobs = scratch.place.openQueue();
    const forged = [
      { ...aNewRun(), priority: 'first' },
      { runId: aNewRun().id, workspaceId: aNewRun().workspaceId, priority: 100 },
      { runId: '../../etc/passwd', workspaceId: 'x', priority: 1 },
      null,
    ];
    // As nobody who knows the type would write them.
    for (const [index, data] of (forged as never[]).entries())
      await jobs.addBulk([{ name: 'run', data, opts: { jobId: `forged-${index}`, priority: index + 1 } }]);
    const { run } = await store.accept(aNewRun());
    await queue.offer({ runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 });
    const brought: string[] = [];
    const consumer = await queue.consume(
      async (runId) => {
        const lease = await store.claim(runId, 'worker', 60_000);
        if (lease) brought.push(runId);
        return lease !== undefined;
      },
      { concurrency: 1 },
    );
    await eventually(() => brought.length === 1, 'the real run is brought');
    await consumer.stop();
    await jobs.close();
    expect(brought).toEqual([run.id]);
  });

  test.skipIf(missing)('keeps ids only, and no job longer than it takes', async () => {
    const { store, queue } = await make();
    const { run } = await store.accept(aNewRun({ inputs: { secret: 'a'.repeat(100) } }));
    const { workspaceId } = aNewRun();
    await queue.offer({ runId: run.id, workspaceId, priority: 7 });
    expect(await scratch.jobs()).toEqual([{ runId: run.id, workspaceId, priority: 7 }]);
    let handled = 0;
    const consumer = await queue.consume(
      async (runId) => {
        await store.claim(runId, 'worker', 60_000);
        handled++;
        throw new Error('failed jobs are not kept either');
      },
      { concurrency: 1 },
    );
    await eventually(() => handled === 1, 'the run is handled');
    await consumer.stop();
    expect(await scratch.jobs()).toEqual([]);
  });
});

describe.skipIf(noRedis)(`checkRedis${noRedis}`, () => {
  test('lets a Redis that keeps everything pass, and says in a sentence what is wrong with others', async () => {
    const refusalOf = async (settings: Record<string, string>, password = '') => {
      const server = await startRedis(settings);
      const url = new URL(server.url);
      url.password = password;
      return checkRedis(url.href)
        .then(
          () => 'none',
          (error: Error) => error.message,
        )
        .finally(() => server.stop());
    };
    expect(await refusalOf({})).toBe('none');
    expect(await refusalOf({ requirepass: 'secret' }, 'secret')).toBe('none');
    expect(await refusalOf({ 'maxmemory-policy': 'allkeys-lru' })).toMatch(
      /^The Redis at 127\.0\.0\.1:\d+ throws keys away .* Set maxmemory-policy noeviction there/,
    );
    const wrongPassword = await refusalOf({ requirepass: 'secret' }, 'guess');
    expect(wrongPassword).toMatch(/cannot be used: .*Check IMAGINARIUM_REDIS_URL/);
    expect(wrongPassword).not.toContain('guess');
  });
});

describe.skipIf(noRedis)(`BullMqQueue without its Redis${noRedis}`, () => {
  let server: RedisServer;
  beforeEach(async () => {
    server = await startRedis();
  });
  afterEach(() => server.stop());

  test('goes on when Redis is back, with what was queued before and what was offered meanwhile', async () => {
    const store = new MemoryRunStore();
    const log = { warn: vi.fn() };
    const queue = new BullMqQueue({ place: redisJobs(server.url), store, log, sweepMs: 200 });
    let open = false;
    const brought: string[] = [];
    const consumer = await queue.consume(
      async (runId) => {
        await store.claim(runId, 'worker', 60_000);
        brought.push(runId);
        while (!open) await new Promise((resolve) => setTimeout(resolve, 10));
        return true;
      },
      { concurrency: 1 },
    );
    const offer = async () => {
      const { run } = await store.accept(aNewRun());
      await queue.offer({ runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 });
      return run.id;
    };
    const offered = [await offer(), await offer()];
    await eventually(() => brought.length === 1, 'the first is at work');
    await server.stop();
    offered.push(await offer());
    server = await startRedis({ port: new URL(server.url).port });
    open = true;
    offered.push(await offer());
    await eventually(() => brought.length === 4, 'all runs are brought', 40_000);
    expect(brought.toSorted()).toEqual(offered.toSorted());
    await consumer.stop();
    await queue.close();
  });

  test('keeps nobody waiting, neither who offers a run nor who stops, and lets go of what is away for good', async () => {
    const spoken = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const log = { warn: vi.fn() };
    const queue = new BullMqQueue({ place: redisJobs(server.url), store: new MemoryRunStore(), log, sweepMs: 100 });
    const consumer = await queue.consume(async () => true, { concurrency: 1 });
    await queue.offer({ runId: aNewRun().id, workspaceId: 'w', priority: 5 });
    await server.stop();
    const before = performance.now();
    await queue.offer({ runId: aNewRun().id, workspaceId: 'w', priority: 5 });
    expect(performance.now() - before).toBeLessThan(1500);
    await consumer.stop();
    await queue.close();
    expect(performance.now() - before).toBeLessThan(6000);
    let knocks = 0;
    const door = createServer(() => knocks++).listen(Number(new URL(server.url).port), '127.0.0.1');
    // Longer than the longest pause between two tries to connect.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    door.close();
    expect(knocks).toBe(0);
    expect(spoken).not.toHaveBeenCalled();
    spoken.mockRestore();
    const said = log.warn.mock.calls.map(([{ err }]) => err.message);
    expect(said).not.toEqual([]);
    expect(said).toEqual([...new Set(said)]);
  });
});
