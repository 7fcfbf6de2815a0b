import { randomUUID } from 'node:crypto';
import { type CanExecute, type EventBus, MemoryEventBus, type RunQueue, type RunStore } from '@imaginarium/engine';
import { checkRedis, QueueOpenError } from './adapters/bullmq/check-redis.ts';
import type { JobPlace } from './adapters/bullmq/job-place.ts';
import { EmbeddedQueue } from './adapters/embedded-queue/embedded-queue.ts';
import { type OpenChannel, SharedEventBus } from './adapters/shared-events/shared-event-bus.ts';
import type { Config } from './config.ts';
import type { PauseView } from './queue/pauses.ts';

/** What goes between the processes of an installation: runs one way, news of them the other. */
export interface OpenQueue {
  queue: RunQueue;
  bus: EventBus;
  close(): Promise<void>;
}

interface QueueDeps {
  store: RunStore;
  /** Whether this process can execute a graph. */
  canExecute?: CanExecute;
  pauses?: PauseView;
  log: { warn(data: object, message: string): void };
}

/** The settings ask for several processes, but not for what they share. */
export class SharedQueueError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SharedQueueError';
  }
}

/** Opens the queue of the settings; BullMQ, and what speaks to Redis, are loaded where the settings ask for them, as they take part of each start. @throws {QueueOpenError} with the remedy. */
export async function openQueue({ queue, redisUrl, databaseUrl }: Config, deps: QueueDeps): Promise<OpenQueue> {
  const onError = (error: Error) => deps.log.warn({ err: error }, 'the channel of live events had a problem');
  if (queue === 'redis' && redisUrl !== null) {
    await checkRedis(redisUrl);
    const { redisJobs } = await import('./adapters/bullmq/job-place.ts');
    const { redisChannel } = await import('./adapters/shared-events/redis-channel.ts');
    return share(deps, redisJobs(redisUrl), redisChannel(redisUrl, onError));
  }
  if (queue === 'postgres' && databaseUrl !== null) {
    const { postgresJobs } = await import('./adapters/bullmq/job-place.ts');
    const { postgresChannel } = await import('./adapters/shared-events/postgres-channel.ts');
    return share(deps, postgresJobs(databaseUrl), postgresChannel(databaseUrl, onError)).catch((cause: Error) => {
      throw new QueueOpenError(
        `The queue in PostgreSQL cannot be used: ${cause.message}. It keeps its tables in a schema bullmq, which the user of IMAGINARIUM_DATABASE_URL must be allowed to create: GRANT CREATE ON DATABASE ... TO ...`,
        { cause },
      );
    });
  }
  return {
    queue: new EmbeddedQueue(seenBy(deps), pausesOf(deps)),
    bus: new MemoryEventBus(),
    close: async () => undefined,
  };
}

async function share(deps: QueueDeps, place: JobPlace, openChannel: OpenChannel): Promise<OpenQueue> {
  const { store, log } = deps;
  const { BullMqQueue } = await import('./adapters/bullmq/bullmq-queue.ts');
  const bus = await SharedEventBus.open({ id: randomUUID(), openChannel, store, log });
  const queue = new BullMqQueue({ place, log, store: seenBy(deps), ...pausesOf(deps) });
  const close = async () => {
    await queue.close();
    await bus.close();
  };
  try {
    await queue.ready();
  } catch (error) {
    await close();
    throw error;
  }
  return { queue, bus, close };
}

/** What is queued, as the worker of this process sees it: without what it cannot execute. */
function seenBy({ store, canExecute }: QueueDeps): Pick<RunStore, 'listQueued'> {
  return { listQueued: (limit) => store.listQueued(limit, canExecute) };
}

function pausesOf({ pauses }: QueueDeps): { pauses?: PauseView } {
  return pauses ? { pauses } : {};
}

/** Makes sure that a worker apart from the API has what it shares with it. @throws {SharedQueueError} */
export function needSharedQueue({ queue, databaseUrl }: Config): void {
  if (queue === 'embedded')
    throw new SharedQueueError(
      'The embedded queue serves one process, which answers and executes. For workers of their own set IMAGINARIUM_QUEUE to redis or postgres, and IMAGINARIUM_DATABASE_URL, the same for all processes.',
    );
  if (databaseUrl === null)
    throw new SharedQueueError(
      'An SQLite database belongs to one process. For workers of their own use PostgreSQL: set IMAGINARIUM_DATABASE_URL, the same for all processes.',
    );
}
