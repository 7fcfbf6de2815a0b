import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@imaginarium/client';
import type { Graph, RunEvent } from '@imaginarium/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { leftOut } from '../../../../tests/services/left-out.ts';
import { findPostgresBinaries, type PostgresServer, startPostgres } from '../../../../tests/services/postgres.ts';
import { findRedisServer, type RedisServer, startRedis } from '../../../../tests/services/redis.ts';
import { type CliProcess, printed, runCli, startCli } from '../testing/run-cli.ts';

let data: string;
const services: (PostgresServer | RedisServer)[] = [];
const missing = leftOut(findPostgresBinaries() && findRedisServer(), 'PostgreSQL and Redis are not both installed');
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'imaginarium-worker-'));
});
afterAll(() => rm(data, { recursive: true, force: true }));
const started: CliProcess[] = [];
afterEach(async () => {
  for (const cli of started.splice(0)) {
    cli.child.kill('SIGKILL');
    await cli.ended;
  }
  await Promise.all(services.splice(0).map((service) => service.stop()));
});

/** A service of a test's own. */
async function aService(starting: Promise<PostgresServer | RedisServer>): Promise<string> {
  const service = await starting;
  services.push(service);
  return service.url;
}

function start(args: string[], env: Record<string, string>): CliProcess {
  const cli = startCli([...args, '--data', data], { IMAGINARIUM_MEDIA_CONCURRENCY: '1', ...env });
  started.push(cli);
  return cli;
}

async function anApiKey(address: string): Promise<string> {
  const headers = { 'content-type': 'application/json', origin: address };
  const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' };
  const setUp = await fetch(`${address}/api/v1/setup`, { method: 'POST', headers, body: JSON.stringify(owner) });
  const cookie = setUp.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const request = { method: 'POST', headers: { ...headers, cookie }, body: JSON.stringify({ name: 'test' }) };
  const answer = await fetch(`${address}/api/v1/api-keys`, request);
  return ((await answer.json()) as { key: string }).key;
}

/** One picture, made in a media process. */
const graph: Graph = {
  schema: 1,
  nodes: [
    {
      ...{ id: 'pattern', type: 'generator.pattern', version: 1, name: 'Pattern', position: { x: 0, y: 0 } },
      params: { count: 1, width: 300, height: 300 },
    },
  ],
  ...{ edges: [], inputs: [], notes: [], settings: {} },
};

const sharedQueues = [
  {
    name: 'Redis',
    env: async () => ({ IMAGINARIUM_QUEUE: 'redis', IMAGINARIUM_REDIS_URL: await aService(startRedis()) }),
  },
  { name: 'PostgreSQL', env: async () => ({ IMAGINARIUM_QUEUE: 'postgres' }) },
];

describe('imaginarium worker', () => {
  it.skipIf(missing).each(sharedQueues)(
    `executes the runs of a server on PostgreSQL with the queue on $name, and what a killed worker leaves${missing}`,
    { timeout: 240_000 },
    async ({ env }) => {
      const shared = { IMAGINARIUM_DATABASE_URL: await aService(startPostgres()), ...(await env()) };
      const server = start(['start', '--no-worker', '--port', '0'], shared);
      const [, address = ''] = await printed(server, /ready at (http:\/\/\S+)/);
      const api = createClient({ baseUrl: address, apiKey: await anApiKey(address) });
      const { id } = await api.call('createWorkflow', { body: { name: 'Pattern', graph } });
      const runIds: string[] = [];
      for (let count = 0; count < 50; count++)
        runIds.push((await api.call('startRun', { params: { id }, body: {} })).id);

      const ends = new Map<string, RunEvent & { type: 'run.finished' }>();
      const stops = runIds.map((runId) =>
        api.live.watchRun(runId, 0, (events) => {
          for (const event of events) if (event.type === 'run.finished') ends.set(runId, event);
        }),
      );
      const workerEnv = { IMAGINARIUM_CONCURRENCY: '4', IMAGINARIUM_WORKER_PORT: '0', ...shared };
      const workers = [1, 2].map(() => start(['worker'], workerEnv));
      await Promise.all(workers.map((worker) => printed(worker, /worker is ready/)));
      const [killed, other] = workers;
      const [, health = ''] = await printed(other as CliProcess, /health at (http:\/\/\S+)\/readyz/);
      expect(await (await fetch(`${health}/readyz`)).json()).toEqual({ status: 'ready' });
      await expect.poll(() => ends.size, { timeout: 90_000 }).toBeGreaterThan(10);
      const figures = await (await fetch(`${health}/metrics`)).text();
      expect(figures).toMatch(/imaginarium_queue_runs\{state="queued"\} \d+/);
      expect(figures).toMatch(/imaginarium_run_wait_seconds_count \d+/);
      expect(figures).toMatch(/imaginarium_pool_running\{pool="media"\} [01]/);
      const queue = await api.call('getQueue');
      expect(queue.workers).toHaveLength(2);
      expect(queue.workers[0]).toMatchObject({ concurrency: 4, packages: [{}, {}] });
      killed?.child.kill('SIGKILL');
      const untold = () => runIds.filter((runId) => !ends.has(runId));
      await expect
        .poll(() => untold().length, { timeout: 120_000, interval: 200 })
        .toBe(0)
        .catch(async (error) => {
          // Whether it is the run or only the news of it that is missing.
          for (const runId of untold()) console.error(await api.call('getRun', { params: { id: runId } }));
          throw error;
        });
      for (const stop of stops) stop();

      for (const [runId, { state, error }] of ends) {
        if (state !== 'succeeded') expect(error).toMatchObject({ code: 'run-interrupted' });
        expect((await api.call('getRun', { params: { id: runId } })).state).toBe(state);
      }
      const interrupted = [...ends.values()].filter(({ state }) => state !== 'succeeded').length;
      expect(interrupted).toBeLessThanOrEqual(4);
      other?.child.kill('SIGTERM');
      server.child.kill('SIGTERM');
      expect([await other?.ended, await server.ended]).toEqual([0, 0]);
    },
  );

  it('says in a sentence what a worker of its own needs', { timeout: 60_000 }, async () => {
    for (const command of [['worker'], ['start', '--no-worker', '--port', '0']]) {
      const embedded = await runCli([...command, '--data', data]);
      expect(embedded).toEqual({ code: 1, output: expect.stringContaining('The embedded queue serves one process') });
    }
    const env = { IMAGINARIUM_QUEUE: 'redis', IMAGINARIUM_REDIS_URL: 'redis://127.0.0.1:1' };
    const sqlite = await runCli(['worker', '--data', data], env);
    expect(sqlite).toEqual({ code: 1, output: expect.stringContaining('An SQLite database belongs to one process') });
    const away = await runCli(['start', '--port', '0', '--data', data], env);
    expect(away).toEqual({
      code: 1,
      output: expect.stringMatching(/^The Redis at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/),
    });
    const { output } = await runCli(['doctor', '--port', '0', '--data', data], env);
    expect(output).toMatch(/✗ Redis +The Redis at 127\.0\.0\.1:1 cannot be used/);
  });
});
