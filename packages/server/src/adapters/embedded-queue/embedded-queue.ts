import type { ConsumeOptions, QueueConsumer, QueuedRun, RunHandler, RunQueue, RunStore } from '@imaginarium/engine';
import { FairLine } from './fair-line.ts';

/** Most runs that one look at the database brings in; the next look brings more. */
const SWEEP_LIMIT = 10_000;

export interface EmbeddedQueueOptions {
  /** How often the database is looked at for runs that nobody offered here: accepted before a restart, or by another process. */
  sweepMs?: number;
}

interface Consumer {
  handler: RunHandler;
  concurrency: number;
  inFlight: Set<Promise<unknown>>;
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
  /** Runs that ended while the database was being read: what was read of them is out of date. */
  #endedInSweep: Set<string> | undefined;
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<RunStore, 'listQueued'>, { sweepMs = 5000 }: EmbeddedQueueOptions = {}) {
    this.#store = store;
    this.#sweepMs = sweepMs;
  }

  async offer(run: QueuedRun): Promise<void> {
    if (this.#inFlight.has(run.runId)) return;
    this.#line.add(run);
    this.#handOut();
  }

  async consume(handler: RunHandler, { concurrency }: ConsumeOptions): Promise<QueueConsumer> {
    // Before the first run is handed out, so that what waited longest and what is most urgent is known.
    await this.#sweep();
    const consumer: Consumer = { handler, concurrency, inFlight: new Set() };
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
        await Promise.all(consumer.inFlight);
      },
    };
  }

  #handOut(): void {
    for (const consumer of this.#consumers) {
      while (consumer.inFlight.size < consumer.concurrency) {
        const runId = this.#line.take();
        if (runId === undefined) return;
        this.#handle(consumer, runId);
      }
    }
  }

  #handle(consumer: Consumer, runId: string): void {
    this.#inFlight.add(runId);
    const work: Promise<unknown> = consumer
      .handler(runId)
      .catch(() => undefined) // The handler records its own failures; a run it left queued is found by a sweep.
      .finally(() => {
        consumer.inFlight.delete(work);
        this.#inFlight.delete(runId);
        this.#endedInSweep?.add(runId);
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
    for (const run of await this.#store.listQueued(SWEEP_LIMIT)) {
      if (!ended.has(run.runId) && !this.#inFlight.has(run.runId)) this.#line.add(run);
    }
    this.#handOut();
  }
}
