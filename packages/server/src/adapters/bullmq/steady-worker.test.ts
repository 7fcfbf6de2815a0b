import { eventually } from '@imaginarium/engine/testing';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { leftOut } from '../../../../../tests/services/left-out.ts';
import { FaultProxy } from '../../testing/fault-proxy.ts';
import { scratchKinds } from '../typeorm/testing/scratch-databases.ts';
import { type JobQueue, postgresJobs } from './job-place.ts';

const postgres = scratchKinds(inject('postgresUrl'))[1];

const noPostgres = leftOut(postgres, 'PostgreSQL is not installed');

describe.skipIf(noPostgres)(`a worker on PostgreSQL${noPostgres}`, () => {
  let url = '';
  let remove: () => Promise<void>;
  let proxy: FaultProxy;
  let jobs: JobQueue;
  beforeEach(async () => {
    const scratch = await postgres?.create();
    if (!scratch || !('url' in scratch.place)) throw new Error('expected PostgreSQL');
    url = scratch.place.url;
    remove = scratch.remove;
    proxy = await FaultProxy.before(url);
    jobs = postgresJobs(url).openQueue();
    jobs.on('error', () => undefined);
    await jobs.waitUntilReady();
  });
  afterEach(async () => {
    await jobs.close();
    await proxy[Symbol.asyncDispose]();
    await remove();
  });

  const add = (jobId: string) =>
    jobs.addBulk([{ name: 'run', data: { runId: jobId, workspaceId: jobId, priority: 1 }, opts: { jobId } }]);
  const openWorker = () => {
    const taken: unknown[] = [];
    const worker = postgresJobs(proxy.through(url)).openWorker(
      async (data) => void taken.push((data as { runId: string }).runId),
      5,
    );
    const errors: string[] = [];
    worker.on('error', ({ message }) => errors.push(message));
    return { worker, taken, errors };
  };

  test('that could not connect as it was opened takes jobs once it can, and lets others work until then', async () => {
    proxy.lets = () => false;
    const { worker, taken, errors } = openWorker();
    await add('first');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThan(20);
    proxy.lets = () => true;
    await eventually(() => taken.length === 1, 'the job is taken', 8000);
    await worker.close();
  });

  test('takes what came while it was cut off, though the word of it was lost', { timeout: 40_000 }, async () => {
    const { worker, taken, errors } = openWorker();
    await add('first');
    await eventually(() => taken.length === 1, 'the first job is taken', 8000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // It cannot listen, then it can, and its first question fails: it will hear of nothing.
    let connections = 0;
    proxy.lets = () => ![0, 1, 3, 4].includes(connections++);
    proxy.cut();
    await add('second');
    await eventually(() => taken.length === 2, 'the second job is taken', 12_000);
    const before = errors.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(errors.length - before).toBeLessThan(5);
    await worker.close();
  });
});
