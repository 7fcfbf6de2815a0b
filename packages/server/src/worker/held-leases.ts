import { setTimeout as wait } from 'node:timers/promises';
import { type Lease, LeaseLostError, RunStoppedError, type RunStore } from '@imaginarium/engine';

/** A worker that shows no sign of life for so long has lost its runs. */
export const LEASE_MS = 5_000;
const RENEW_MS = 1_500;
/** How soon a request to cancel is seen. */
const CANCEL_CHECK_MS = 300;
/** How often the leases are gone through: one timer serves all, for most runs are over before anything is due for them. */
const TICK_MS = 100;

interface Held {
  lease: Lease;
  controller: AbortController;
  renewedAt: number;
  renewAt: number;
  checkAt: number;
}

/** Keeps the leases of the runs at work alive, and looks out for requests to cancel them. */
export class HeldLeases {
  readonly #store: Pick<RunStore, 'renew' | 'isCancelRequested'>;
  readonly #held = new Set<Held>();
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<RunStore, 'renew' | 'isCancelRequested'>) {
    this.#store = store;
  }

  /**
   * Holds a lease that was just given. The controller is aborted when somebody asks to cancel the run, and when the lease is lost: somebody
   * else has the run, or the database has not answered for so long that somebody may. A process that was merely slow keeps its runs.
   * @returns what ends it.
   */
  hold(lease: Lease, controller: AbortController): () => void {
    const now = performance.now();
    const held = { lease, controller, renewedAt: now, renewAt: now + RENEW_MS, checkAt: now + CANCEL_CHECK_MS };
    this.#held.add(held);
    this.#timer ??= setInterval(() => this.#look(), TICK_MS);
    return () => {
      this.#held.delete(held);
      if (this.#held.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #look(): void {
    const now = performance.now();
    for (const held of this.#held) {
      if (now >= held.checkAt) {
        held.checkAt = now + CANCEL_CHECK_MS;
        void this.#check(held);
      }
      if (now >= held.renewAt) {
        held.renewAt = now + RENEW_MS;
        void this.#renew(held);
      }
    }
  }

  async #check({ lease, controller }: Held): Promise<void> {
    if (await this.#store.isCancelRequested(lease.runId).catch(() => false)) controller.abort(cancelled());
  }

  async #renew(held: Held): Promise<void> {
    const { lease, controller } = held;
    const askedAt = performance.now();
    const noAnswer = wait(LEASE_MS, undefined, { ref: false });
    const answer = await Promise.race([this.#store.renew(lease, LEASE_MS).catch(() => undefined), noAnswer]);
    if (answer) held.renewedAt = Math.max(held.renewedAt, askedAt);
    else if (answer === false || performance.now() - held.renewedAt > LEASE_MS)
      controller.abort(new LeaseLostError(lease.runId));
  }
}

/** Why a run ends that somebody asked to cancel. */
export function cancelled(): RunStoppedError {
  return new RunStoppedError('run-cancelled', 'The run was cancelled.');
}
