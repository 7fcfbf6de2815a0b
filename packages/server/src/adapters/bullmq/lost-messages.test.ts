import { MemoryRunStore } from '@imaginarium/engine';
import { aNewRun, eventually } from '@imaginarium/engine/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { leftOut } from '../../../../../tests/services/left-out.ts';
import { findRedisServer, type RedisServer, startRedis } from '../../../../../tests/services/redis.ts';
import { FaultProxy } from '../../testing/fault-proxy.ts';
import { scratchKinds } from '../typeorm/testing/scratch-databases.ts';
import { BullMqQueue } from './bullmq-queue.ts';
import { type JobPlace, postgresJobs, redisJobs } from './job-place.ts';

/** Worlds at the same time: most of the time is spent waiting for connections to be made again. */
const TOGETHER = 4;
/** In passing some messages are lost, other ones in each place; `NTH_STEP=1` loses all of them in turn. */
const step = Number(process.env.NTH_STEP ?? 20);
/** No world of this test sends so many messages. */
const FAR = 400;
const RUNS = 4;

/** Jobs of one world, behind a proxy. */
interface World {
  proxy: FaultProxy;
  jobs: JobPlace;
  remove(): Promise<void>;
}

let redis: RedisServer;
/** What is removed at the end: a connection that is being made again while it is closed says goodbye first. */
const leaving: (() => Promise<void>)[] = [];

async function onRedis(place: number): Promise<World> {
  const proxy = await FaultProxy.before(redis.url);
  return { proxy, jobs: redisJobs(`${proxy.through(redis.url)}/${place}`), remove: async () => undefined };
}

async function onPostgres(): Promise<World> {
  const scratch = await scratchKinds(inject('postgresUrl'))[1]?.create();
  if (!scratch || !('url' in scratch.place)) throw new Error('expected PostgreSQL');
  const proxy = await FaultProxy.before(scratch.place.url);
  return { proxy, jobs: postgresJobs(proxy.through(scratch.place.url)), remove: scratch.remove };
}

/** Offers runs and has them taken, while the n-th message to the service is lost. @returns whether there were so many. */
async function losing(n: number, fate: 'is lost' | 'loses its answer', { proxy, jobs, remove }: World) {
  let messages = 0;
  proxy.fateOf = () => (++messages === n ? fate : 'passes');
  const store = new MemoryRunStore();
  const queue = await openReady(
    () => new BullMqQueue({ place: jobs, store, log: { warn: () => undefined }, sweepMs: 150 }),
  );
  const taken: string[] = [];
  const offer = async () => {
    const { run } = await store.accept(aNewRun());
    await queue.offer({ runId: run.id, workspaceId: aNewRun().workspaceId, priority: 5 });
    return run.id;
  };
  try {
    const early = await offer();
    const consumer = await queue.consume(
      async (runId) => {
        const lease = await store.claim(runId, 'worker', 60_000);
        if (lease) taken.push(runId);
        return lease !== undefined;
      },
      { concurrency: 2 },
    );
    const offered = [early];
    while (offered.length < RUNS) offered.push(await offer());
    await eventually(() => taken.length >= RUNS, `all runs are taken though message ${n} ${fate}`, 20_000);
    await consumer.stop();
    expect(taken.toSorted()).toEqual(offered.toSorted());
    return messages >= n;
  } finally {
    await queue.close();
    leaving.push(async () => {
      await proxy[Symbol.asyncDispose]();
      await remove();
    });
  }
}

/** Opens a queue as a server does, which is started again when it was refused. */
async function openReady(open: () => BullMqQueue): Promise<BullMqQueue> {
  const queue = open();
  try {
    await queue.ready();
    return queue;
  } catch {
    await queue.close();
    return openReady(open);
  }
}

const places = [
  { name: 'Redis', missing: leftOut(findRedisServer(), 'Redis is not installed'), open: onRedis },
  { name: 'PostgreSQL', missing: leftOut(inject('postgresUrl'), 'PostgreSQL is not installed'), open: onPostgres },
];

describe.each(places)('BullMqQueue on $name$missing', ({ missing, open, name }) => {
  beforeAll(async () => {
    if (!missing && name === 'Redis') redis = await startRedis();
  });
  afterAll(async () => {
    for (const leave of leaving.splice(0)) await leave();
    if (!missing && name === 'Redis') await redis.stop();
  });

  test.skipIf(missing).each(['is lost', 'loses its answer'] as const)(
    'brings every run once, whichever message to the service %s',
    { timeout: 300_000 },
    async (fate) => {
      for (let n = 1; n < FAR; n += step * TOGETHER) {
        const together = Array.from({ length: TOGETHER }, (_, index) => n + step * index);
        const reached = await Promise.all(together.map(async (at, index) => losing(at, fate, await open(index))));
        // A clean pass: all was over before the n-th message.
        if (reached.includes(false)) return;
      }
      throw new Error(`More than ${FAR} messages were sent.`);
    },
  );
});
