import { createClient } from '@imaginarium/client';
import { findPostgresBinaries, startPostgres } from '../../tests/services/postgres.ts';
import { findRedisServer, startRedis } from '../../tests/services/redis.ts';
import type { BenchRow } from '../row.ts';
import { ServerProcess } from '../server-process.ts';
import { quantile } from '../statistics.ts';
import { postAtPace, postLoad } from './http-load.ts';
import { benchRow } from './row-of.ts';
import { openWebhook, setFieldsNodes, webhookChain } from './webhooks.ts';
import { WorkerProcess } from './worker-process.ts';

type Client = ReturnType<typeof createClient>;

const GRAPH = webhookChain(setFieldsNodes(10));

/** How soon an idle worker begins a run on each queue, and what one API with one worker of its own does on PostgreSQL and Redis. */
export async function queueRows(smoke: boolean): Promise<BenchRow[]> {
  const began = [await embedded(smoke)];
  if (findRedisServer() === null || findPostgresBinaries() === null) {
    console.log('Redis or PostgreSQL is not installed, so queues between processes are left out.');
    return began;
  }
  return [
    ...began,
    ...(await withService(startRedis, ({ url }) => apart(smoke, { name: 'Redis', limitMs: 20, redisUrl: url }))),
    ...(await apart(smoke, { name: 'PostgreSQL', limitMs: 50 })),
  ];
}

async function embedded(smoke: boolean): Promise<BenchRow> {
  await using server = await ServerProcess.start();
  const client = createClient({ baseUrl: server.address, apiKey: await server.ownerKey() });
  // Awaited here: the server is gone once this function returns.
  return await startRow(client, smoke, { name: 'embedded', limitMs: 10 });
}

/** One API and one worker, with PostgreSQL as people have it: it flushes what it commits. */
async function apart(
  smoke: boolean,
  { name, limitMs, redisUrl }: { name: string; limitMs: number; redisUrl?: string },
): Promise<BenchRow[]> {
  return withService(
    () => startPostgres({ flushes: true }),
    async ({ url }) => {
      const queue = redisUrl === undefined ? { IMAGINARIUM_QUEUE: 'postgres' } : onRedis(redisUrl);
      const settings = { IMAGINARIUM_DATABASE_URL: url, ...queue };
      await using api = await ServerProcess.start(settings, ['--no-worker']);
      await using _worker = await WorkerProcess.start(api.dataDir, settings);
      const client = createClient({ baseUrl: api.address, apiKey: await api.ownerKey() });
      const started = await startRow(client, smoke, { name, limitMs });
      return redisUrl === undefined ? [started] : [started, ...(await loadRows(client, api.address, smoke))];
    },
  );
}

function onRedis(url: string): Record<string, string> {
  return { IMAGINARIUM_QUEUE: 'redis', IMAGINARIUM_REDIS_URL: url };
}

async function startRow(
  client: Client,
  smoke: boolean,
  { name, limitMs }: { name: string; limitMs: number },
): Promise<BenchRow> {
  const { id } = await client.call('createWorkflow', { body: { name: 'Begins', graph: GRAPH } });
  const waits: number[] = [];
  for (let count = 0; count < (smoke ? 5 : 200); count++) {
    const { id: runId } = await client.call('startRun', { params: { id }, body: {} });
    waits.push(await untilStarted(client, runId));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const p95 = quantile(waits.slice(Math.floor(waits.length / 10)), 0.95);
  return benchRow(`accepted to begun on an idle worker, ${name}, p95`, p95, 'ms', `< ${limitMs}`, p95 < limitMs);
}

/** Milliseconds that a run waited, by its own record. */
async function untilStarted(client: Client, id: string): Promise<number> {
  for (;;) {
    const { startedAt, createdAt } = await client.call('getRun', { params: { id } });
    if (startedAt !== null) return Date.parse(startedAt) - Date.parse(createdAt);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function loadRows(client: Client, address: string, smoke: boolean): Promise<BenchRow[]> {
  const url = await openWebhook(client, address, GRAPH);
  await postLoad({ url, body: {}, atOnce: 50, forMs: smoke ? 200 : 2000 });
  const { perSecond } = await postLoad({ url, body: {}, atOnce: 50, forMs: smoke ? 300 : 5000 });
  const paced = await postAtPace({ url, body: {}, perSecond: 100, forMs: smoke ? 300 : 5000 });
  const p95 = quantile(paced.latencies, 0.95);
  const what = '1 API and 1 worker on PostgreSQL and Redis';
  return [
    benchRow(`${what}, 50 at once`, perSecond, 'runs/s', '> 300', perSecond > 300),
    benchRow(`${what}, at 100/s, end to end, p95`, p95, 'ms', '< 1000', p95 < 1000),
  ];
}

async function withService<Service extends { stop(): Promise<void> }, Result>(
  start: () => Promise<Service>,
  work: (service: Service) => Promise<Result>,
): Promise<Result> {
  const service = await start();
  try {
    return await work(service);
  } finally {
    await service.stop();
  }
}
