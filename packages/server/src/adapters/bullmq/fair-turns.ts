import type { QueuedRun, RunHandler, RunStore } from '@imaginarium/engine';
import type { PauseView } from '../../queue/pauses.ts';
import { FairLine } from '../embedded-queue/fair-line.ts';

/** Most queued runs that are looked at together. */
const LOOK_LIMIT = 5000;

/** The shortest time between two looks at the run store, in milliseconds; a look that takes long is followed by a longer pause. */
const LOOK_EVERY_MS = 1000;
const PAUSE_PER_LOOK = 10;

/**
 * Decides which run a worker takes when a job wakes it: the one whose turn it is by urgency and workspace, not the one the job names.
 * A job is worth one run, whichever it is; a run that was taken out of its turn leaves its own job for another one.
 */
export class FairTurns {
  readonly #store: Pick<RunStore, 'listQueued'>;
  readonly #pauses: PauseView | undefined;
  readonly #line = new FairLine();
  /** Taken by this process and perhaps still queued in what is being read. */
  readonly #taken = new Set<string>();
  #looking: Promise<readonly QueuedRun[]> | undefined;
  /** Runs that woke this process while the store was read: it may have been read before they were stored. */
  #wokenInLook: Set<string> | undefined;
  #nextLookAt = 0;

  constructor(store: Pick<RunStore, 'listQueued'>, pauses?: PauseView) {
    this.#store = store;
    this.#pauses = pauses;
  }

  /** Reads what is queued, so that those who wait are known. @returns it. @throws what the store throws. */
  look(): Promise<readonly QueuedRun[]> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /**
   * Takes one run for a job.
   * @param woken the run that the job names.
   */
  async take(woken: QueuedRun, handler: RunHandler): Promise<void> {
    if (!this.#taken.has(woken.runId)) {
      this.#line.add(woken);
      this.#wokenInLook?.add(woken.runId);
    }
    // The database may be away: then the turns are those that are known.
    if (performance.now() >= this.#nextLookAt) this.look().catch(() => undefined);
    if (await this.#takeNext(woken, handler)) return;
    // Another process took the run that was meant for this job, and left a run that is not known here.
    await this.look();
    await this.#takeNext(woken, handler);
  }

  async #takeNext({ runId: preferred }: QueuedRun, handler: RunHandler): Promise<boolean> {
    for (let run = this.#line.take(preferred); run !== undefined; run = this.#line.take(preferred)) {
      if (this.#pauses?.isPaused(run.workspaceId)) continue;
      const id = run.runId;
      this.#taken.add(id);
      if (await handler(id).finally(() => this.#taken.delete(id))) return true;
    }
    return false;
  }

  async #look(): Promise<readonly QueuedRun[]> {
    const start = performance.now();
    this.#nextLookAt = Number.POSITIVE_INFINITY;
    const before = [...this.#taken];
    const woken = new Set<string>();
    this.#wokenInLook = woken;
    try {
      const queued = await this.#store.listQueued(LOOK_LIMIT);
      const taken = new Set([...before, ...this.#taken]);
      const waiting = queued.filter(({ runId }) => !taken.has(runId));
      this.#line.keepOnly(new Set([...waiting.map(({ runId }) => runId), ...woken]));
      for (const run of waiting) this.#line.add(run);
      return waiting;
    } finally {
      this.#wokenInLook = undefined;
      this.#nextLookAt = performance.now() + Math.max(LOOK_EVERY_MS, PAUSE_PER_LOOK * (performance.now() - start));
    }
  }
}
