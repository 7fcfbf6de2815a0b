import type { ConsumeOptions, QueueConsumer, QueuedRun, RunHandler, RunQueue, RunStore } from '@imaginarium/engine';
import type { PauseView } from '../../queue/pauses.ts';
import { FairTurns } from './fair-turns.ts';
import { type JobPlace, type JobQueue, runJobSchema } from './job-place.ts';

/** What the queue tells of itself. */
export interface QueueLog {
  warn(data: object, message: string): void;
}

export interface BullMqQueueOptions {
  place: JobPlace;
  store: Pick<RunStore, 'listQueued'>;
  log: QueueLog;
  /** Where runs may not begin. */
  pauses?: PauseView;
  /** How often it is asked whether jobs were lost, in milliseconds. */
  sweepMs?: number;
}

/** Jobs that are added with one command. */
const JOBS_PER_BATCH = 500;
/** An answer is not kept waiting for a queue that is away: the sweep of a worker finds what was not offered. */
const OFFER_PATIENCE_MS = 1000;
/** Nor is who stops: a connection that cannot be ended in order by then is cut. */
const CLOSE_PATIENCE_MS = 2000;
const WARN_EVERY_MS = 5000;
/** The same again, such as a service that is away, is worth a line much more seldom. */
const SAME_AGAIN_MS = 60_000;
/** BullMQ takes the lowest number first; ours is the other way round and goes from 1 to 100. */
const LOWEST_FIRST = 1000;

/**
 * Runs on BullMQ, whichever store it keeps its jobs in. A job only says that a run waits, and carries ids: which run a worker takes
 * then is for {@link FairTurns} to say, and whether it may take it for the run store. So it does no harm that a job comes twice, late
 * or not at all: what is missing is offered again.
 */
export class BullMqQueue implements RunQueue {
  readonly #options: BullMqQueueOptions;
  readonly #jobs: JobQueue;
  #adding: Promise<void> = Promise.resolve();
  /** What is offered while other runs are being added: it goes together then. */
  #gathering: { runs: QueuedRun[]; added: Promise<void> } | undefined;
  #warned = { at: Number.NEGATIVE_INFINITY, of: '' };

  constructor(options: BullMqQueueOptions) {
    this.#options = options;
    this.#jobs = options.place.openQueue();
    this.#jobs.on('error', this.#warn);
  }

  async offer(run: QueuedRun): Promise<void> {
    await inTime(this.#addSoon(run), OFFER_PATIENCE_MS);
  }

  async consume(handler: RunHandler, { concurrency }: ConsumeOptions): Promise<QueueConsumer> {
    const turns = new FairTurns(this.#options.store, this.#options.pauses);
    const sweep = this.#sweepOf(turns);
    // Before the first run is taken, so that what is most urgent is known.
    await sweep();
    const { place, sweepMs = 2000 } = this.#options;
    const inFlight = new Set<Promise<void>>();
    const worker = place.openWorker(async (data) => {
      const job = runJobSchema.safeParse(data);
      // Not one of ours: whoever wrote it into the queue gets nothing executed.
      if (!job.success) return this.#warn(job.error);
      const work = turns.take(job.data, handler).finally(() => inFlight.delete(work));
      inFlight.add(work);
      return work;
    }, concurrency);
    worker.on('error', this.#warn);
    const timer = setInterval(() => void sweep(), sweepMs);
    // The jobs of what was paused are gone: each woke a worker that found nothing to take.
    const forget = this.#options.pauses?.onResumed(() => void sweep({ all: true }));
    return {
      stop: async () => {
        clearInterval(timer);
        forget?.();
        const closed = worker.close().catch(this.#warn);
        await Promise.allSettled(inFlight);
        await inTime(closed, CLOSE_PATIENCE_MS);
        worker.endForGood?.();
      },
    };
  }

  /** Resolves when runs can be offered. @throws what the service says that keeps the jobs. */
  async ready(): Promise<void> {
    await this.#jobs.waitUntilReady();
  }

  /** Ends the connections. Stop the consumers first. */
  async close(): Promise<void> {
    await inTime(this.#jobs.close().catch(this.#warn), CLOSE_PATIENCE_MS);
    this.#jobs.endForGood?.();
  }

  /** Offers again what has waited since the last sweep, or all that waits, when there are fewer jobs than that. */
  #sweepOf(turns: FairTurns): (which?: { all: boolean }) => Promise<void> {
    let earlier: ReadonlySet<string> | undefined;
    let sweeping: Promise<void> | undefined;
    const sweep = async () => {
      const waiting = await turns.look();
      const old = waiting.filter(({ runId }) => earlier?.has(runId) ?? true);
      earlier = new Set(waiting.map(({ runId }) => runId));
      if (old.length > (await this.#jobs.countWaiting())) await this.#add(old);
    };
    return async ({ all } = { all: false }) => {
      if (all) {
        await sweeping;
        earlier = undefined;
      }
      sweeping ??= sweep()
        .catch(this.#warn) // The next one asks again.
        .finally(() => {
          sweeping = undefined;
        });
      return sweeping;
    };
  }

  #addSoon(run: QueuedRun): Promise<void> {
    if (!this.#gathering) {
      const runs: QueuedRun[] = [];
      const added = this.#adding.then(() => {
        this.#gathering = undefined;
        return this.#add(runs);
      });
      this.#adding = added.catch(this.#warn);
      this.#gathering = { runs, added: this.#adding };
    }
    this.#gathering.runs.push(run);
    return this.#gathering.added;
  }

  /** Adds jobs; those that are there already stay as they are. */
  async #add(runs: readonly QueuedRun[]): Promise<void> {
    for (let from = 0; from < runs.length; from += JOBS_PER_BATCH) {
      const batch = runs.slice(from, from + JOBS_PER_BATCH).map(({ runId, workspaceId, priority, again }) => ({
        name: 'run',
        data: { runId, workspaceId, priority },
        // The job of a worker that died is not there any more only once it has stalled.
        opts: { jobId: again ? `${runId}-again` : runId, priority: LOWEST_FIRST - priority },
      }));
      await this.#jobs.addBulk(batch);
    }
  }

  readonly #warn = (error: unknown): void => {
    // One thing goes wrong many times, and fills the log with the same.
    const now = performance.now();
    const of = error instanceof Error ? error.message : String(error);
    if (now - this.#warned.at < (of === this.#warned.of ? SAME_AGAIN_MS : WARN_EVERY_MS)) return;
    this.#warned = { at: now, of };
    this.#options.log.warn({ err: error }, 'the queue had a problem; runs are found in the database all the same');
  };
}

/** Waits for work that never rejects, but no longer than this. */
async function inTime(work: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
