import type {
  ConsumeOptions,
  KeptPlace,
  QueueConsumer,
  QueuedRun,
  RunHandler,
  RunQueue,
  RunStore,
  StartedRun,
} from '@imaginarium/engine';
import type { PauseView } from '../../queue/pauses.ts';
import { FairLine } from './fair-line.ts';

/** Most runs that one look at the database brings in. When they run out, the next look is taken at once. */
const SWEEP_LIMIT = 10_000;

export interface EmbeddedQueueOptions {
  /** How often the database is looked at for runs that nobody offered here: accepted before a restart, or by another process. */
  sweepMs?: number;
  /** Where runs may not begin. */
  pauses?: PauseView;
}

interface Consumer extends ConsumeOptions {
  handler: RunHandler;
  inFlight: Set<Promise<unknown>>;
  /** Places that are kept for runs about to be accepted: each resolves when it is taken or left. */
  kept: Set<Promise<void>>;
}

/**
 * The queue of a single process, without a service: the database is the record. What is offered wakes a consumer at once; what was
 * accepted before the process started, or was lost, is found by a sweep.
 */
export class EmbeddedQueue implements RunQueue {
  readonly #store: Pick<RunStore, 'listQueued'>;
  readonly #sweepMs: number;
  readonly #line = new FairLine();
  readonly #consumers = new Set<Consumer>();
  readonly #inFlight = new Set<string>();
  /** Runs that were offered again while they were at work: they are due once more after that. */
  readonly #after = new Map<string, QueuedRun>();
  /** Runs that ended while the database was being read: what was read of them is out of date. */
  #endedInSweep: Set<string> | undefined;
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the last look found as many as it may: there are more. */
  #hasMore = false;
  readonly #pauses: PauseView | undefined;

  constructor(store: Pick<RunStore, 'listQueued'>, { sweepMs = 5000, pauses }: EmbeddedQueueOptions = {}) {
    this.#store = store;
    this.#sweepMs = sweepMs;
    this.#pauses = pauses;
    pauses?.onResumed(() => void (this.#consumers.size > 0 && this.#sweep()));
  }

  async offer(run: QueuedRun): Promise<void> {
    // One that is paused is found when it is resumed.
    if (this.#pauses?.isPaused(run.workspaceId)) return;
    if (this.#inFlight.has(run.runId)) {
      // What it waits for has come while its handler was still putting it to rest.
      if (run.again) this.#after.set(run.runId, run);
      return;
    }
    this.#line.add(run);
    this.#handOut();
  }

  keepPlace(workspaceId: string): KeptPlace | undefined {
    if (this.#line.size > 0 || this.#hasMore || this.#pauses?.isPaused(workspaceId)) return undefined;
    for (const consumer of this.#consumers) {
      if (!consumer.start || !hasRoom(consumer)) continue;
      const { promise, resolve } = Promise.withResolvers<void>();
      consumer.kept.add(promise);
      const end = () => {
        consumer.kept.delete(promise);
        resolve();
      };
      return {
        ...consumer.start,
        take: (started) => {
          end();
          this.#handle(consumer, started.record.run.id, started);
        },
        leave: () => {
          end();
          this.#handOut();
        },
      };
    }
    return undefined;
  }

  async consume(handler: RunHandler, options: ConsumeOptions): Promise<QueueConsumer> {
    // Before the first run is handed out, so that what waited longest and what is most urgent is known.
    await this.#sweep();
    const consumer: Consumer = { ...options, handler, inFlight: new Set(), kept: new Set() };
    this.#consumers.add(consumer);
    this.#timer ??= setInterval(() => void this.#sweep(), this.#sweepMs);
    this.#handOut();
    return {
      stop: async () => {
        this.#consumers.delete(consumer);
        if (this.#consumers.size === 0) {
          clearInterval(this.#timer);
          this.#timer = undefined;
        }
        await this.#sweeping;
        await Promise.all(consumer.kept);
        await Promise.all(consumer.inFlight);
      },
    };
  }

  #handOut(): void {
    for (const consumer of this.#consumers) {
      while (hasRoom(consumer)) {
        const run = this.#line.take();
        if (!run) {
          if (this.#hasMore) void this.#sweep();
          return;
        }
        if (!this.#pauses?.isPaused(run.workspaceId)) this.#handle(consumer, run.runId);
      }
    }
  }

  #handle(consumer: Consumer, runId: string, started?: StartedRun): void {
    this.#inFlight.add(runId);
    const work: Promise<unknown> = consumer
      .handler(runId, started)
      .catch(() => undefined) // The handler records its own failures; a run it left queued is found by a sweep.
      .finally(() => {
        consumer.inFlight.delete(work);
        this.#inFlight.delete(runId);
        this.#endedInSweep?.add(runId);
        const again = this.#after.get(runId);
        this.#after.delete(runId);
        if (again) this.#line.add(again);
        this.#handOut();
      });
    consumer.inFlight.add(work);
  }

  #sweep(): Promise<void> {
    this.#sweeping ??= this.#addQueued()
      .catch(() => undefined) // The database is away: the next sweep asks again.
      .finally(() => {
        this.#sweeping = undefined;
        this.#endedInSweep = undefined;
      });
    return this.#sweeping;
  }

  async #addQueued(): Promise<void> {
    const ended = new Set<string>();
    this.#endedInSweep = ended;
    this.#hasMore = false;
    const queued = await this.#store.listQueued(SWEEP_LIMIT);
    this.#hasMore = queued.length === SWEEP_LIMIT;
    for (const run of queued) {
      if (!ended.has(run.runId) && !this.#inFlight.has(run.runId)) this.#line.add(run);
    }
    this.#handOut();
  }
}

function hasRoom({ inFlight, kept, concurrency }: Consumer): boolean {
  return inFlight.size + kept.size < concurrency;
}
