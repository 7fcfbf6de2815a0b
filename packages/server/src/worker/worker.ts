import {
  executeRun,
  interruptRun,
  type Lease,
  LeaseLostError,
  type QueueConsumer,
  type RunOutcome,
  type RunQueue,
  type RunRecord,
  type RunServices,
  RunStoppedError,
} from '@imaginarium/engine';

/** What a worker tells of itself. */
export interface WorkerLog {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

export interface WorkerOptions {
  /** Names the worker in leases. */
  id: string;
  queue: RunQueue;
  services: RunServices;
  /** Runs at the same time. */
  concurrency: number;
  log: WorkerLog;
  /** Told when a run has ended and is stored. */
  onSettled?: (record: RunRecord, outcome: RunOutcome) => Promise<void>;
}

/** A worker that shows no sign of life for so long has lost its runs. */
const LEASE_MS = 5_000;
const RENEW_MS = 1_500;
/** How soon a request to cancel is seen. */
const CANCEL_CHECK_MS = 300;
const SWEEP_MS = 1_000;

/** Takes runs from the queue and executes them: a lease for each, renewed while it is at work; and ends the runs of workers that died. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #running = new Map<string, AbortController>();
  #consumer: QueueConsumer | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { queue, concurrency } = this.#options;
    await this.#endAbandoned();
    this.#sweep = setInterval(() => void this.#endAbandoned(), SWEEP_MS);
    this.#consumer = await queue.consume((runId) => this.#handle(runId), { concurrency });
  }

  /**
   * Takes nothing new and waits for what is at work, but no longer than `graceMs`: then the runs end as interrupted, each stored with
   * what it had finished.
   */
  async stop(graceMs: number): Promise<void> {
    clearInterval(this.#sweep);
    const timer = setTimeout(() => {
      const reason = new RunStoppedError('run-interrupted', 'The server was stopped while this run was at work.');
      for (const controller of this.#running.values()) controller.abort(reason);
    }, graceMs);
    await this.#consumer?.stop();
    clearTimeout(timer);
  }

  /** False when there was nothing to take. */
  async #handle(runId: string): Promise<boolean> {
    const { services, id, log, onSettled } = this.#options;
    const lease = await services.store.claim(runId, id, LEASE_MS);
    if (!lease) return false;
    const record = await services.store.load(runId);
    if (!record) return false;
    const controller = new AbortController();
    this.#running.set(runId, controller);
    const stopWatching = this.#watch(lease, controller);
    try {
      const outcome = await executeRun(record, lease, services, controller.signal);
      log.info({ runId, state: outcome.state, error: outcome.error?.code }, 'run ended');
      await onSettled?.(record, outcome);
    } catch (error) {
      if (error instanceof LeaseLostError) log.warn({ runId }, 'another worker has taken this run');
      // Its lease lapses, and the sweep ends it: nothing accepted is left without an end.
      else log.error({ runId, err: error }, 'a run could not be written down');
    } finally {
      stopWatching();
      this.#running.delete(runId);
    }
    return true;
  }

  /** Keeps the lease alive and looks out for a request to cancel. */
  #watch(lease: Lease, controller: AbortController): () => void {
    const { store } = this.#options.services;
    const cancel = setInterval(async () => {
      if (await store.isCancelRequested(lease.runId).catch(() => false))
        controller.abort(new RunStoppedError('run-cancelled', 'The run was cancelled.'));
    }, CANCEL_CHECK_MS);
    const renew = setInterval(async () => {
      const held = await store.renew(lease, LEASE_MS).catch(() => true); // A database that is away is no lost lease.
      if (!held) controller.abort(new LeaseLostError(lease.runId));
    }, RENEW_MS);
    return () => {
      clearInterval(cancel);
      clearInterval(renew);
    };
  }

  async #endAbandoned(): Promise<void> {
    const { services, id, log, onSettled } = this.#options;
    try {
      for (const runId of await services.store.listAbandoned(100)) {
        const lease = await services.store.takeOver(runId, id, LEASE_MS);
        const record = lease && (await services.store.load(runId));
        if (!lease || !record) continue;
        const outcome = await interruptRun(record, lease, services);
        log.warn({ runId }, 'a run was ended: the server stopped while it was at work');
        await onSettled?.(record, outcome);
      }
    } catch (error) {
      log.error({ err: error }, 'runs of workers that died could not be ended');
    }
  }
}
