import type { OpenWait, RunQueue, RunWaits } from '@imaginarium/engine';
import type { Resumed } from '@imaginarium/node-sdk';
import { RepeatedLook } from '../repeated-look.ts';
import type { WorkerLog } from '../worker/worker.ts';

export interface WakerOptions {
  waits: RunWaits;
  queue: Pick<RunQueue, 'offer'>;
  log: Pick<WorkerLog, 'error'>;
}

/** How often is looked for what is due. */
const LOOK_MS = 1000;
/** Waits that are ended in one go; the rest follow at once. */
const AT_ONCE = 500;
const TOGETHER = 25;
const TIME_IS_UP: Resumed = { timeIsUp: true, value: null };
/** The engine asks for what the run came to, once it goes on. */
const RUN_HAS_ENDED: Resumed = { timeIsUp: false, value: null };

/**
 * Brings runs back to the queue whose time has come, or for which another run has ended. Every process with a worker has one: a wait is
 * ended once however many look, and time is read from the database, so that a wait of months is as good as one of minutes.
 */
export class Waker {
  readonly #options: WakerOptions;
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(options: WakerOptions) {
    this.#options = options;
  }

  /** Looks for what is due until it is stopped. */
  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being ended any more. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Ends what is due. Never rejects: what could not be ended is found in the next look. */
  async look(): Promise<void> {
    const { waits, log } = this.#options;
    try {
      await this.#endAll(() => waits.listDue(AT_ONCE), TIME_IS_UP);
      await this.#endAll(() => waits.listEnded(AT_ONCE), RUN_HAS_ENDED);
    } catch (error) {
      log.error({ err: error }, 'runs that wait could not be brought on');
    }
  }

  /** Brings on at once what waits for a run that has just ended. What fails here is found in the next look. */
  async runEnded(runId: string): Promise<void> {
    const parent = await this.#options.waits.findParent(runId);
    if (parent) await this.#end(parent, RUN_HAS_ENDED);
  }

  async #endAll(list: () => Promise<OpenWait[]>, answer: Resumed): Promise<void> {
    for (;;) {
      const open = await list();
      // Several at once: the database stores together what comes together.
      for (let from = 0; from < open.length && !this.#looks.isStopped; from += TOGETHER)
        await Promise.all(open.slice(from, from + TOGETHER).map((wait) => this.#end(wait, answer)));
      if (this.#looks.isStopped) return;
      if (open.length < AT_ONCE) return;
    }
  }

  async #end({ wait }: OpenWait, answer: Resumed): Promise<void> {
    const { waits, queue } = this.#options;
    const answered = await waits.answer(wait.id, answer);
    if (answered.taken && answered.queued) await queue.offer(answered.queued);
  }
}
