import {
  type BegunRun,
  type CanExecute,
  executeRun,
  interruptRun,
  type Lease,
  LeaseLostError,
  type QueueConsumer,
  type QueuedRun,
  RunHandedOverError,
  type RunOutcome,
  type RunQueue,
  type RunRecord,
  type StartedRun,
  type WorkerServices,
} from '@imaginarium/engine';
import { ClockWatch } from './clock-watch.ts';
import { cancelled, HeldLeases, LEASE_MS } from './held-leases.ts';

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
  services: WorkerServices;
  /** Runs at the same time. */
  concurrency: number;
  log: WorkerLog;
  /** Told when a run has ended and is stored. */
  onSettled?: (record: RunRecord, outcome: RunOutcome) => Promise<void>;
}

const SWEEP_MS = 1_000;
/** Most runs of dead workers that one look at the database brings in; the next look brings more. */
const SWEEP_LIMIT = 1_000;
/** A run whose workers died more often than this before it had finished one more step is what kills them. */
const MOST_TAKEOVERS = 5;

/** Takes runs from the queue and executes them: a lease for each, renewed while it is at work. Runs of workers that died go on with it. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #running = new Map<string, AbortController>();
  #consumer: QueueConsumer | undefined;
  #sweep: NodeJS.Timeout | undefined;
  #graceIsOver = false;
  readonly #leases: HeldLeases;
  readonly #clock: ClockWatch;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#leases = new HeldLeases(options.services.store);
    this.#clock = new ClockWatch(() => options.services.store.leaseClock());
  }

  /** Runs at work now. */
  get running(): number {
    return this.#running.size;
  }

  async start(): Promise<void> {
    const { queue, concurrency, id } = this.#options;
    await this.#offerOthers();
    this.#sweep = setInterval(() => void this.#offerOthers(), SWEEP_MS);
    this.#consumer = await queue.consume((runId, started) => this.#handle(runId, started), {
      concurrency,
      start: { worker: id, leaseMs: LEASE_MS },
    });
  }

  /**
   * Takes nothing new and waits for what is at work, but no longer than `graceMs`: then the runs are let go, each stored with what it had
   * finished, and go on with the next worker.
   */
  async stop(graceMs: number): Promise<void> {
    clearInterval(this.#sweep);
    const timer = setTimeout(() => {
      this.#graceIsOver = true;
      for (const controller of this.#running.values()) controller.abort(new RunHandedOverError());
    }, graceMs);
    await this.#consumer?.stop();
    clearTimeout(timer);
  }

  /** False when there was nothing to take. */
  async #handle(runId: string, started?: StartedRun): Promise<boolean> {
    const { services, id, log } = this.#options;
    // What is at work here has lost its lease if it is offered, and does not know it yet.
    if (this.#running.has(runId)) return false;
    const lease =
      started?.lease ??
      (await services.store.claim(runId, id, LEASE_MS, this.#canExecute)) ??
      (await this.#takeOver(runId));
    if (!lease) return false;
    const controller = new AbortController();
    this.#running.set(runId, controller);
    // It was on its way from the store when the others were let go.
    if (this.#graceIsOver) controller.abort(new RunHandedOverError());
    const letGo = this.#hold(lease, controller, started?.begun);
    let again: QueuedRun | undefined;
    try {
      again = await this.#execute(lease, controller, started);
    } catch (error) {
      if (started?.begun && !(await isHeld(started.begun))) return false;
      if (error instanceof LeaseLostError) log.warn({ runId }, 'another worker has taken this run');
      else if (error instanceof RunHandedOverError)
        log.info({ runId }, 'a run was let go, and goes on with the next start');
      // Its lease lapses, and a worker goes on with it: nothing accepted is left without an end.
      else log.error({ runId, err: error }, 'a run could not be written down');
    } finally {
      letGo();
      this.#running.delete(runId);
    }
    // What it waited for has come while it was put to rest.
    if (again) await this.#options.queue.offer(again);
    return true;
  }

  /** Holds a lease; that of a run which is still being stored once it is. @returns what ends it. */
  #hold(lease: Lease, controller: AbortController, begun: BegunRun | undefined): () => void {
    if (!begun) return this.#leases.hold(lease, controller);
    let letGo: (() => void) | undefined;
    let isOver = false;
    void isHeld(begun).then((held) => {
      if (!held) controller.abort(new LeaseLostError(lease.runId));
      else if (!isOver) letGo = this.#leases.hold(lease, controller);
    });
    return () => {
      isOver = true;
      letGo?.();
    };
  }

  /** @returns the run, when it has to be offered again. */
  async #execute(
    lease: Lease,
    controller: AbortController,
    { record: given, begun }: Partial<StartedRun> = {},
  ): Promise<QueuedRun | undefined> {
    const { log, onSettled } = this.#options;
    const services = begun ? { ...this.#options.services, store: begun } : this.#options.services;
    const { runId } = lease;
    const record = given ?? (await this.#options.services.store.load(runId));
    if (!record) return undefined;
    const goesOn = record.run.lastSeq > 0;
    // Asked before anything is executed again.
    if (goesOn && (await this.#options.services.store.isCancelRequested(runId))) controller.abort(cancelled());
    if (goesOn && !record.parked?.resting)
      log.warn({ runId, takeovers: record.takeovers }, 'a run goes on after its last finished step');
    const outcome =
      record.takeovers > MOST_TAKEOVERS
        ? await interruptRun(record, lease, services)
        : await executeRun(record, lease, services, controller.signal);
    if (outcome.state === 'waiting') {
      log.info({ runId }, 'a run waits');
      const { workspaceId, run } = record;
      return outcome.queued ? { runId, workspaceId, priority: run.priority, again: true } : undefined;
    }
    log.info({ runId, state: outcome.state, error: outcome.error?.code }, 'run ended');
    await onSettled?.(record, outcome);
    return undefined;
  }

  async #takeOver(runId: string): Promise<Lease | undefined> {
    const { services, id } = this.#options;
    // Workers that live get the time to renew what seems to have lapsed.
    if (await this.#clock.wasSetWithin(LEASE_MS)) return undefined;
    return services.store.takeOver(runId, id, LEASE_MS, this.#canExecute);
  }

  readonly #canExecute: CanExecute = (nodeTypes) => this.#options.services.registry.hasAll(nodeTypes);

  /** Offers the runs of workers that died, and those whose time has come. They wait for their turn as all runs do. */
  async #offerOthers(): Promise<void> {
    const { services, queue, log } = this.#options;
    try {
      await this.#clock.wasSetWithin(LEASE_MS);
      for (const run of await services.store.listAbandoned(SWEEP_LIMIT)) await queue.offer(run);
      for (const run of await services.store.listDue(SWEEP_LIMIT)) await queue.offer(run);
    } catch (error) {
      log.error({ err: error }, 'runs of workers that died, and those whose time has come, could not be found');
    }
  }
}

/** Whether a run that began before it was stored may go on now that it is. Otherwise whoever asked for it is told why. */
function isHeld({ stored }: BegunRun): Promise<boolean> {
  return stored.then(
    ({ lease }) => lease !== undefined,
    () => false,
  );
}
