import { createPostgresBackend, type JobsOptions, Queue, Worker } from 'bullmq';
import { z } from 'zod';
import { SteadyClient } from '../typeorm/database/steady-client.ts';
import { EndingRedis } from './ending-redis.ts';
import { AskingWorker, SteadyWorker } from './steady-worker.ts';

/** What a job carries: ids and an order. Read anew by who takes it, because others may write where it was kept. */
export const runJobSchema = z.strictObject({
  runId: z.uuid(),
  workspaceId: z.uuid(),
  priority: z.int().min(1).max(100),
});
type RunJob = z.infer<typeof runJobSchema>;

/** The jobs, as the queue needs them. */
export interface JobQueue {
  /** Adds jobs. One whose id is there already is left out. */
  addBulk(jobs: { name: string; data: RunJob; opts: JobsOptions }[]): Promise<unknown>;
  /** Jobs that no worker has taken. */
  countWaiting(): Promise<number>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Resolves when jobs can be added. @throws what the service says. */
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
  endForGood?: EndForGood;
}

/** Ends, at once, connections that would be made again and again: what could not be closed in order is over then. */
type EndForGood = () => void;

/** Takes jobs and hands them to its processor. */
interface JobWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** Takes nothing new, and resolves when the jobs at work have ended. */
  close(): Promise<void>;
  endForGood?: EndForGood;
}

/** Where BullMQ keeps its jobs. */
export interface JobPlace {
  openQueue(): JobQueue;
  /** @param processor gets what the job carries, unread. */
  openWorker(processor: (data: unknown) => Promise<void>, concurrency: number): JobWorker;
}

/** What a place is called that several installations share; each has its own. */
export const QUEUE_NAME = 'imaginarium-runs';

const jobOptions: JobsOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

/**
 * A worker that shows no sign of life for so long has lost its jobs. That costs little: a job that was in its hands names a run, and
 * the run's own lease decides.
 */
const stalled = { lockDuration: 6000, stalledInterval: 3000, maxStalledCount: 10 };

/** Jobs in Redis. @param url `redis://` or `rediss://` with its password. */
export function redisJobs(url: string): JobPlace {
  // Who offers is not kept waiting by a server that is away; who takes waits for it to come back.
  const offering = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5000 };
  const taking = { maxRetriesPerRequest: null };
  return {
    openQueue: () => {
      const connection = new EndingRedis(url, offering);
      const queue = new Queue<RunJob>(QUEUE_NAME, { connection, defaultJobOptions: jobOptions });
      return Object.assign(asJobs(queue), { endForGood: () => connection.endForGood() });
    },
    openWorker: (processor, concurrency) => {
      const connection = new EndingRedis(url, taking);
      const options = { connection, concurrency, ...stalled };
      const worker = new Worker<RunJob>(QUEUE_NAME, ({ data }) => processor(data), options);
      return Object.assign(worker, { endForGood: () => connection.endForGood() });
    },
  };
}

/** Jobs in PostgreSQL, in a schema of their own that BullMQ makes and keeps up to date. */
export function postgresJobs(url: string): JobPlace {
  const connection = {
    ...{ connectionString: url, migrate: true, application_name: 'imaginarium-queue' },
    ...{ max: 4, connectionTimeoutMillis: 5000, keepAlive: true, Client: SteadyClient },
  };
  return {
    openQueue: () =>
      asJobs(new Queue(QUEUE_NAME, { connection, defaultJobOptions: jobOptions }, createPostgresBackend)),
    openWorker: (processor, concurrency) =>
      new SteadyWorker(
        () =>
          new AskingWorker(
            QUEUE_NAME,
            ({ data }: { data: unknown }) => processor(data),
            { connection, concurrency, autorun: false, runRetryDelay: 500, ...stalled },
            createPostgresBackend,
          ),
      ),
  };
}

type CountedQueue = Omit<JobQueue, 'countWaiting'> & Pick<Queue, 'getJobCounts'>;

function asJobs(queue: CountedQueue): JobQueue {
  return Object.assign(queue, {
    async countWaiting() {
      const counts = await queue.getJobCounts('wait', 'prioritized', 'delayed');
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    },
  });
}
