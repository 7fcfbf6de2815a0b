import type { ChildRuns, RunWaits } from '@imaginarium/engine';
import { RepeatedLook } from '../repeated-look.ts';
import type { WorkerLog } from '../worker/worker.ts';

export interface OrphansOptions {
  waits: Pick<RunWaits, 'listOrphans'>;
  children: Pick<ChildRuns, 'cancel'>;
  log: Pick<WorkerLog, 'error'>;
}

const LOOK_MS = 5000;
/** Runs that are ended in one go; the rest follow in the next look. */
const AT_ONCE = 200;

/**
 * Ends runs whose parent has ended without them: whoever ended it died before it had asked its children to. What they have done stays, and
 * nobody would have taken what they come to.
 */
export class Orphans {
  readonly #options: OrphansOptions;
  readonly #looks = new RepeatedLook(() => this.look(), LOOK_MS);

  constructor(options: OrphansOptions) {
    this.#options = options;
  }

  start(): void {
    this.#looks.start();
  }

  /** Resolves when nothing is being ended any more. */
  stop(): Promise<void> {
    return this.#looks.stop();
  }

  /** Ends what is left alone. Never rejects: what could not be ended is found in the next look. */
  async look(): Promise<void> {
    const { waits, children, log } = this.#options;
    try {
      for (const runId of await waits.listOrphans(AT_ONCE)) {
        if (this.#looks.isStopped) return;
        await children.cancel(runId);
      }
    } catch (error) {
      log.error({ err: error }, 'runs whose parent has ended could not be ended');
    }
  }
}
