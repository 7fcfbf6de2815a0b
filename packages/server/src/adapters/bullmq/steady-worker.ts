import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, type JobProgress, type PostgresConnectionOptions, type PostgresQueueBackend, Worker } from 'bullmq';

/** The longest that an idle worker waits to be woken before it asks by itself, in seconds. */
const ASK_EVERY_S = 5;
/** How long after a failure the same is tried again, in milliseconds. */
const PAUSE_MS = 500;

/**
 * A worker of BullMQ that stays well when PostgreSQL fails it. By itself it asks again at once, without end, when what went wrong is
 * not a refused connection; and after an error it may wait an hour for a word that came while it was not listening.
 */
export class AskingWorker extends Worker<
  unknown,
  void,
  string,
  PostgresQueueBackend,
  JobProgress,
  PostgresConnectionOptions
> {
  override get maximumBlockTimeout(): number {
    return ASK_EVERY_S;
  }

  protected override async moveToActive(
    token: string,
    name?: string,
  ): Promise<Job<unknown, void, string, JobProgress>> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      await sleep(PAUSE_MS);
      throw error;
    }
  }
}

/**
 * Keeps a worker at work. One that could not connect as it was opened never does: it is closed, and another is opened in its place.
 */
export class SteadyWorker extends EventEmitter<{ error: [Error] }> {
  readonly #open: () => AskingWorker;
  #worker: AskingWorker | undefined;
  #isClosing = false;
  readonly #work: Promise<void>;

  /** @param open opens a worker that does nothing until it is told to run. */
  constructor(open: () => AskingWorker) {
    super();
    this.#open = open;
    this.#work = this.#keepOneAtWork();
  }

  /** Takes nothing new, and resolves when the jobs at work have ended. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#worker?.close();
    await this.#work;
  }

  async #keepOneAtWork(): Promise<void> {
    // Whoever opens this listens to its errors first.
    await Promise.resolve();
    while (!this.#isClosing) {
      const worker = this.#open();
      this.#worker = worker;
      worker.on('error', (error) => this.emit('error', error));
      try {
        await worker.waitUntilReady();
        await worker.run();
      } catch (error) {
        if (!this.#isClosing) this.emit('error', error as Error);
      }
      await worker.close(true);
      if (!this.#isClosing) await sleep(PAUSE_MS);
    }
  }
}
