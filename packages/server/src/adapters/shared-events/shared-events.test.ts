import { MemoryRunStore } from '@imaginarium/engine';
import { aNewRun, eventually } from '@imaginarium/engine/testing';
import type { RunEvent } from '@imaginarium/protocol';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { leftOut } from '../../../../../tests/services/left-out.ts';
import { findRedisServer, type RedisServer, startRedis } from '../../../../../tests/services/redis.ts';
import { postgresChannel } from './postgres-channel.ts';
import { redisChannel } from './redis-channel.ts';
import { type OpenChannel, SharedEventBus } from './shared-event-bus.ts';

const postgresUrl = inject('postgresUrl');
const onError = vi.fn();
let redis: RedisServer | undefined;
beforeAll(async () => {
  if (findRedisServer() !== null) redis = await startRedis();
});
afterAll(() => redis?.stop());

const open: SharedEventBus[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bus) => bus.close()));
});

const log = { warn: vi.fn() };

async function aBus(id: string, openChannel: OpenChannel, store: MemoryRunStore) {
  const bus = await SharedEventBus.open({ id, openChannel, store, log });
  open.push(bus);
  return bus;
}

/** Stores a run's events as its worker does. */
async function aRun(store: MemoryRunStore) {
  const { run } = await store.accept(aNewRun());
  const lease = await store.claim(run.id, 'worker', 60_000);
  if (!lease) throw new Error('nothing to claim');
  let seq = 0;
  return async (...messages: string[]): Promise<RunEvent[]> => {
    const at = new Date().toISOString();
    const events = messages.map(
      (message): RunEvent => ({ type: 'log', runId: run.id, seq: ++seq, at, node: null, level: 'info', message }),
    );
    await store.checkpoint(lease, { steps: [], events });
    return events;
  };
}

const noPostgres = leftOut(postgresUrl, 'PostgreSQL is not installed');
const channels = [
  {
    name: 'Redis',
    missing: leftOut(findRedisServer(), 'Redis is not installed'),
    channel: () => redisChannel(redis?.url ?? '', onError),
  },
  { name: 'PostgreSQL', missing: noPostgres, channel: () => postgresChannel(postgresUrl ?? '', onError) },
];

describe.each(channels)('SharedEventBus over $name$missing', ({ missing, channel }) => {
  test.skipIf(missing)('tells every process each event once and in order, and this one at once', async () => {
    const store = new MemoryRunStore();
    const [worker, api] = await Promise.all(['worker', 'api'].map((id) => aBus(id, channel(), store)));
    const [here, there]: RunEvent[][] = [[], []];
    worker?.subscribe((events) => void here?.push(...events));
    api?.subscribe((events) => void there?.push(...events));
    const store1 = await aRun(store);
    const store2 = await aRun(store);
    let told = 0;
    for (let count = 0; count < 50; count++) {
      for (const stored of [await store1('a', 'b'), await store2('c')]) {
        worker?.publish(stored);
        told += stored.length;
      }
      expect(here).toHaveLength(told);
    }
    await eventually(() => there?.length === told, 'all events are told');
    const byRun = Map.groupBy(there ?? [], (event) => event.runId);
    expect([...byRun.values()].map((events) => events.map(({ seq }) => seq))).toEqual([
      Array.from({ length: 100 }, (_, index) => index + 1),
      Array.from({ length: 50 }, (_, index) => index + 1),
    ]);
    expect(log.warn).not.toHaveBeenCalled();
  });
});

describe.skipIf(noPostgres)(`the channel of PostgreSQL${noPostgres}`, () => {
  test('is made again when its connection breaks, and takes no notice of nonsense', async () => {
    const store = new MemoryRunStore();
    const url = postgresUrl ?? '';
    const [worker, api] = await Promise.all(
      ['worker', 'api'].map((id) => aBus(id, postgresChannel(url, onError), store)),
    );
    const heard: RunEvent[] = [];
    api?.subscribe((events) => void heard.push(...events));
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'imaginarium-events'",
    );
    for (const text of ['', 'nonsense', '{"from":"x","hints":[["not an id",1,1]]}'])
      await admin.query("SELECT pg_notify('imaginarium_events', $1)", [text]);
    await admin.end();
    const say = await aRun(store);
    const end = performance.now() + 8000;
    while (heard.length === 0 && performance.now() < end) {
      worker?.publish(await say('again'));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(heard[0]).toMatchObject({ message: 'again' });
  });
});
